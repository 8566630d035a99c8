import Foundation
import Glibc

/// Reads lines from a file in large pieces; a line that is too long is passed over, not kept.
struct LineReader: Sendable {
    /// A line without its end, or one that was too long to read.
    enum Line: Sendable {
        case text([UInt8])
        case tooLong
    }

    private let handle: FileHandle
    /// What messages call the file.
    private let name: String
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Bytes of the longest line that is read.
    static let maximumLineBytes = 4 << 20
    private static let pieceBytes = 1 << 20

    init(_ handle: FileHandle, name: String) {
        self.handle = handle
        self.name = name
    }

    /// The next lines, `count` at most and about so many bytes, empty ones left out; none at the end of the file.
    mutating func next(_ count: Int, bytes: Int = .max) throws(FileFailure) -> [Line] {
        var lines: [Line] = []
        var size = 0
        while lines.count < count, size < bytes, let line = try self.next() {
            if case .text(let text) = line {
                if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                size += text.count
            }
            lines.append(line)
        }
        return lines
    }

    private mutating func next() throws(FileFailure) -> Line? {
        var line: [UInt8] = []
        var isTooLong = false
        while true {
            if self.position == self.piece.count {
                guard try self.readPiece() else {
                    return isTooLong ? .tooLong : line.isEmpty ? nil : .text(line)
                }
            }
            let end = self.endOfLine()
            let part = self.piece[self.position..<(end ?? self.piece.count)]
            if line.count + part.count > Self.maximumLineBytes {
                isTooLong = true
                line = []
            } else if !isTooLong {
                line += part
            }
            self.position = end.map { $0 + 1 } ?? self.piece.count
            if end != nil { return isTooLong ? .tooLong : .text(line) }
        }
    }

    /// Where the line ends that goes on at `position`; nil where its end is not in this piece.
    private func endOfLine() -> Int? {
        self.piece.withUnsafeBytes { piece in
            guard let base = piece.baseAddress,
                let end = memchr(base + self.position, 0x0A, piece.count - self.position)
            else { return nil }
            return UnsafeRawPointer(end) - base
        }
    }

    private mutating func readPiece() throws(FileFailure) -> Bool {
        guard !self.isAtEnd else { return false }
        var count = 0
        var code: Int32 = 0
        self.piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, filled in
            repeat {
                count = Glibc.read(self.handle.fileDescriptor, buffer.baseAddress, buffer.count)
                code = errno
            } while count < 0 && code == EINTR
            filled = max(count, 0)
        }
        self.position = 0
        guard count >= 0 else { throw FileFailure(path: self.name, act: "read", code: code) }
        self.isAtEnd = count == 0
        return count > 0
    }
}
