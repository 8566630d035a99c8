import Glibc

/// Standard output in large pieces; a full disk or a closed pipe is an error, not a silence.
final class StandardOutput {
    private var buffer: [UInt8] = []
    private static let pieceBytes = 1 << 18

    /// Writes bytes and a line feed.
    func write(line: Span<UInt8>) throws(FileFailure) {
        line.withUnsafeBufferPointer { self.buffer.append(contentsOf: $0) }
        self.buffer.append(UInt8(ascii: "\n"))
        if self.buffer.count >= Self.pieceBytes { try self.flush() }
    }

    func flush() throws(FileFailure) {
        var written = 0
        while written < self.buffer.count {
            let count = self.buffer.withUnsafeBytes { bytes in
                Glibc.write(STDOUT_FILENO, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            guard count >= 0 || errno == EINTR else {
                throw FileFailure(path: "standard output", act: "written", code: errno)
            }
            written += max(count, 0)
        }
        self.buffer.removeAll(keepingCapacity: true)
    }
}
