import Foundation
import Glibc

/// Reads lines from a file in large pieces; a line that is too long is passed over, not kept.
struct LineReader {
    /// A line without its end, or one that was too long to read.
    enum Line {
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

    /// The next lines, `count` at most, empty ones left out; none at the end of the file.
    mutating func next(_ count: Int) throws(FileFailure) -> [Line] {
        var lines: [Line] = []
        while lines.count < count, let line = try self.next() {
            if case .text(let bytes) = line, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
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
            let rest = self.piece[self.position...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            let part = rest[..<(end ?? rest.endIndex)]
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
