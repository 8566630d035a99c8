import Glibc

/// One wait for a socket that always ends.
enum SocketWait {
    case readable, writable, timedOut, woken
    case failed(String)

    /// Waits until the socket can be read, or written where `writing` says so, or the time is over, or the wake-up
    /// comes.
    ///
    /// - Parameter reading: whether to wait for bytes as well; with `writing` both are waited for, and reading is
    ///   first.
    static func wait(
        for socket: Int32,
        reading: Bool = true,
        writing: Bool = false,
        until deadline: Deadline,
        wakeUp: WakeUp? = nil
    ) -> SocketWait {
        guard socket >= 0 else { return .failed("there is no socket") }
        let events = (reading ? POLLIN : 0) | (writing ? POLLOUT : 0)
        while true {
            var polled = (
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: wakeUp?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
            )
            let count = withUnsafeMutableBytes(of: &polled) { bytes in
                poll(bytes.assumingMemoryBound(to: pollfd.self).baseAddress, 2, deadline.milliseconds)
            }
            if count < 0 {
                guard errno == EINTR else { return .failed(String(cString: strerror(errno))) }
                continue
            }
            if polled.1.revents != 0 { return .woken }
            let found = Int32(polled.0.revents)
            guard found != 0 else {
                if deadline.hasPassed { return .timedOut }
                continue
            }
            // Errors and hang-ups show themselves to whichever of the two is done next.
            if reading, found & ~POLLOUT != 0 { return .readable }
            return .writable
        }
    }
}
