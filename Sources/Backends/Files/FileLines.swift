import Glibc

/// Reads a text file line by line, in large pieces.
final class FileLines {
    private let path: String
    /// Closed with this object.
    private let descriptor: Int32
    private var piece: [UInt8] = []
    private var position = 0
    /// The number of the line that comes next.
    private var number = 1
    private static let pieceBytes = 1 << 20
    /// Bytes of the longest line that is read.
    private static let maximumLineBytes = 64 << 20

    init(_ path: String) throws(StorageError) {
        self.path = path
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw FileSystem.failure(path, "read") }
    }

    /// - Parameters:
    ///   - descriptor: open for reading; closed with this object.
    ///   - name: what errors call it.
    init(descriptor: Int32, name: String) {
        self.path = name
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    /// The next line without its line feed, which the last one need not have; nil after it.
    func next() throws(StorageError) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if let end = self.endOfLine() {
                line += self.piece[self.position..<end]
                self.position = end + 1
                self.number += 1
                return line
            }
            line += self.piece[self.position...]
            guard line.count <= Self.maximumLineBytes else {
                throw .file(
                    path: self.path,
                    act: "read",
                    reason: "line \(self.number) is longer than \(Self.maximumLineBytes) bytes"
                )
            }
            guard try self.readPiece() else { return line.isEmpty ? nil : line }
        }
    }

    /// Where the next line feed of the piece stands.
    private func endOfLine() -> Int? {
        self.piece.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, self.position < bytes.count else { return nil }
            let count = bytes.count - self.position
            return memchr(base + self.position, Int32(UInt8(ascii: "\n")), count).map { UnsafeRawPointer($0) - base }
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
