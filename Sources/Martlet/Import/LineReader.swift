import Foundation

/// Reads lines from a file in large pieces; a line that is too long is passed over, not kept.
struct LineReader {
    /// A line without its end, or one that was too long to read.
    enum Line {
        case text([UInt8])
        case tooLong
    }

    private let handle: FileHandle
    private var piece: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Bytes of the longest line that is read.
    static let maximumLineBytes = 4 << 20
    private static let pieceBytes = 1 << 20

    init(_ handle: FileHandle) { self.handle = handle }

    /// The next lines, `count` at most, empty ones left out; none at the end of the file.
    mutating func next(_ count: Int) throws -> [Line] {
        var lines: [Line] = []
        while lines.count < count, let line = try self.next() {
            if case .text(let bytes) = line, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            lines.append(line)
        }
        return lines
    }

    private mutating func next() throws -> Line? {
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

    private mutating func readPiece() throws -> Bool {
        guard !self.isAtEnd, let data = try self.handle.read(upToCount: Self.pieceBytes), !data.isEmpty else {
            self.isAtEnd = true
            return false
        }
        self.piece = Array(data)
        self.position = 0
        return true
    }
}
