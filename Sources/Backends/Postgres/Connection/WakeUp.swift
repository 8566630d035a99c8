import Glibc

/// Ends the waits of a thread from another one: a pipe that is readable from the first `signal()` on.
final class WakeUp: Sendable {
    /// The end to be polled.
    let descriptor: Int32
    private let writingEnd: Int32

    init() throws(StorageError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .failed("no pipe can be made: \(String(cString: strerror(errno)))") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.descriptor = ends[0]
        self.writingEnd = ends[1]
    }

    deinit {
        Glibc.close(self.descriptor)
        Glibc.close(self.writingEnd)
    }

    /// Ends the wait that is going on, and every one that begins before `clear()`.
    func signal() {
        var byte: UInt8 = 1
        // A full pipe is a readable one.
        _ = write(self.writingEnd, &byte, 1)
    }

    /// Lets waits last again.
    func clear() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(self.descriptor, &bytes, 16) > 0 {}
    }
}
