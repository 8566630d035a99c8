import NIOCore
import Testing
import Wire

@testable import Bench

@Suite("Frames")
struct FrameTests {
    /// What a reader makes of bytes that arrive in pieces of this size.
    private func read(_ bytes: [UInt8], by size: Int) throws(BenchFailure) -> [String] {
        var reader = FrameReader()
        var seen: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            try reader.receive(piece.span) { (incoming, payload) in
                switch incoming {
                case .message: seen.append("message " + payload.text)
                case .ping: seen.append("ping " + payload.text)
                case .close(let code): seen.append("close \(code ?? 0)")
                }
            }
        }
        return seen
    }

    @Test("of a server are read however they are cut")
    func cuts() throws {
        let texts = ["", "one", String(repeating: "two", count: 70), String(repeating: "x", count: 70_000)]
        var stream = ByteBuffer()
        for text in texts { stream.writeTextFrame(Array(text.utf8).span) }
        stream.writePing(Array("p".utf8).span)
        stream.writeClose(.goingAway, reason: "bye")
        let bytes = Array(stream.readableBytesView)
        for size in [1, 2, 3, 5, 100, 65_536, bytes.count] {
            #expect(try self.read(bytes, by: size) == texts.map { "message " + $0 } + ["ping p", "close 1001"])
        }
    }

    @Test("of one message are joined, with a ping between them")
    func fragments() throws {
        let bytes: [UInt8] = [0x01, 1, 0x61, 0x89, 0, 0x00, 1, 0x62, 0x80, 1, 0x63, 0x88, 0]
        for size in 1...bytes.count {
            #expect(try self.read(bytes, by: size) == ["ping ", "message abc", "close 0"])
        }
    }

    @Test(
        "that no server may send end the run",
        arguments: [
            [0x81, 0x81, 0, 0, 0, 0, 0x61], [0xC1, 1, 0x61], [0x80, 1, 0x61], [0x01, 1, 0x61, 0x81, 1, 0x62],
            [0x82, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x82, 127, 0, 0, 0, 0, 0xFF, 0, 0, 0],
        ] as [[UInt8]]
    )
    func violations(bytes: [UInt8]) {
        #expect(throws: BenchFailure.self) { _ = try self.read(bytes, by: 1) }
    }

    @Test("of a client are what a server understands", arguments: [0, 1, 125, 126, 65_535, 65_536, 100_003])
    func clientFrames(count: Int) throws {
        let text = (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        var output: [UInt8] = []
        ClientFrame.append(.text, text.span, key: 0xA1B2_C3D4, to: &output)
        ClientFrame.append(.pong, Array("p".utf8).span, key: 7, to: &output)
        var input = ByteBuffer(bytes: output)
        var decoder = FrameDecoder(maxMessageBytes: 1 << 20)
        #expect(try decoder.next(from: &input) == .text)
        #expect(decoder.message == text)
        #expect(try decoder.next(from: &input) == .pong)
        #expect(decoder.control == Array("p".utf8))
    }
}
