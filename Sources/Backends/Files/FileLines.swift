import Glibc

/// Reads a text file line by line, in large pieces.
final class FileLines {
    private let path: String
    private let descriptor: Int32
    private var piece: [UInt8] = []
    private var position = 0
    private static let pieceBytes = 1 << 20
    /// Bytes of the longest line that is read.
    private static let maximumLineBytes = 64 << 20

    init(_ path: String) throws(StorageError) {
        self.path = path
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw FileSystem.failure(path, "read") }
    }

    deinit { close(self.descriptor) }

    /// The next line without its line feed, which the last one need not have; nil after it.
    func next() throws(StorageError) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            let rest = self.piece[self.position...]
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                self.position = end + 1
                return line
            }
            line += rest
            guard line.count <= Self.maximumLineBytes else {
                throw .file(
                    path: self.path,
                    act: "read",
                    reason: "a line is longer than \(Self.maximumLineBytes) bytes"
                )
            }
            guard try self.readPiece() else { return line.isEmpty ? nil : line }
        }
    }

    /// Reads on; false at the end of the file.
    private func readPiece() throws(StorageError) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.pieceBytes)
        var count = 0
        repeat { count = read(self.descriptor, &bytes, bytes.count) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw FileSystem.failure(self.path, "read") }
        self.piece = Array(bytes.prefix(count))
        self.position = 0
        return count > 0
    }
}
