import Foundation
import Testing

@testable import Martlet

@Suite("The line reader")
struct LineReaderTests {
    private func lines(of bytes: [UInt8], atATime count: Int = 100) throws -> [String] {
        let url = FileManager.default.temporaryDirectory.appending(path: "lines-\(UUID())")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        var reader = LineReader(try FileHandle(forReadingFrom: url), name: "lines")
        var texts: [String] = []
        while true {
            let lines = try reader.next(count)
            if lines.isEmpty { return texts }
            #expect(lines.count <= count)
            for line in lines {
                switch line {
                case .text(let bytes): texts.append(String(decoding: bytes, as: UTF8.self))
                case .tooLong: texts.append("too long")
                }
            }
        }
    }

    @Test("leaves empty lines out and takes a last line without its end")
    func plainLines() throws {
        #expect(try self.lines(of: Array("a\n\n \r\nb\r\nc".utf8), atATime: 2) == ["a", "b\r", "c"])
        #expect(try self.lines(of: []) == [])
    }

    @Test("passes over a line that is too long, wherever it stands")
    func longLines() throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: LineReader.maximumLineBytes + 1)
        let fitting = long.dropLast()
        let newline = [UInt8(ascii: "\n")]
        let read = try self.lines(of: Array("a\n".utf8) + long + newline + fitting + newline + Array("b\n".utf8) + long)
        #expect(read.map(\.count) == [1, 8, LineReader.maximumLineBytes, 1, 8])
    }
}
