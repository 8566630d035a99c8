import Foundation

/// Standard output in large pieces; a full disk or a closed pipe is an error, not a silence.
final class StandardOutput {
    private var buffer: [UInt8] = []
    private static let pieceBytes = 1 << 18

    /// Writes bytes and a line feed.
    func write(line: Span<UInt8>) throws {
        line.withUnsafeBufferPointer { self.buffer.append(contentsOf: $0) }
        self.buffer.append(UInt8(ascii: "\n"))
        if self.buffer.count >= Self.pieceBytes { try self.flush() }
    }

    func flush() throws {
        guard !self.buffer.isEmpty else { return }
        try FileHandle.standardOutput.write(contentsOf: Data(self.buffer))
        self.buffer.removeAll(keepingCapacity: true)
    }
}
