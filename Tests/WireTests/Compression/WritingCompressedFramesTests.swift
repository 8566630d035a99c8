import NIOCore
import TestSupport
import Testing

@testable import Wire

@Suite("Writing compressed messages (RFC 7692 7.2.1)")
struct WritingCompressedFramesTests {
    private let inflater = Inflater()

    @Test func `Hello is compressed as in RFC 7692 7_2_3_1`() {
        let hello = Array("Hello".utf8)
        let compressed = Deflater().deflate(hello.span, windowBits: 15)
        #expect(compressed == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    }

    @Test func `the same message is compressed to the same bytes each time`() {
        let deflater = Deflater()
        let message = Array("no context is taken over".utf8)
        let first = deflater.deflate(message.span, windowBits: 15)
        #expect(deflater.deflate(message.span, windowBits: 15) == first)
    }

    @Test(arguments: [1, 6, 9], 9...15)
    func `what is deflated inflates again at every level and window`(level: Int, windowBits: Int) throws {
        let deflater = Deflater(level: level)
        var generator = SplitMix64(seed: UInt64(windowBits))
        let words = (0..<300).map { _ in generator.bytes(Int.random(in: 1...40, using: &generator)) }
        for wordCount in [0, 1, 10, 100, 3_000] {
            let message = (0..<wordCount).flatMap { _ in words.randomElement(using: &generator) ?? [] }
            let compressed = deflater.deflate(message.span, windowBits: windowBits)
            #expect(try self.inflater.inflate(compressed, maxBytes: 1 << 20) == message)
        }
    }

    @Test func `output of any length comes back`() throws {
        let deflater = Deflater()
        var generator = SplitMix64(seed: 3)
        for byteCount in 0..<2_200 {
            let message = generator.bytes(byteCount)
            let compressed = deflater.deflate(message.span, windowBits: 15)
            #expect(try self.inflater.inflate(compressed, maxBytes: 1 << 20) == message)
        }
    }

    @Test func `a small window is never overreached`() throws {
        // The second half repeats the first from 2,000 bytes back. Of 2^11 bytes zlib reaches back over 2^11 - 262.
        var generator = SplitMix64(seed: 8)
        let half = generator.bytes(2_000)
        let message = half + half
        let deflater = Deflater()
        for windowBits in 9...15 {
            let compressed = deflater.deflate(message.span, windowBits: windowBits)
            #expect((compressed.count < 3_000) == (windowBits > 11), "2^\(windowBits): \(compressed.count) bytes")
        }
    }

    @Test func `pieces are compressed as one message in one frame`() throws {
        let compression = try #require(try PermessageDeflate.negotiate(["permessage-deflate"]))
        let prefix = Array(#"["EVENT","subscription","#.utf8)
        let suffix = Array("]".utf8)
        let body = Array(String(repeating: #"{"content":"good morning"}"#, count: 10).utf8)
        var buffer = ByteBuffer()
        buffer.writeTextFrame(prefix.span, body.span, suffix.span, compression: compression, deflater: Deflater())
        let bytes = Array(buffer.readableBytesView)
        #expect(bytes[0] == 0xC1)
        #expect(Int(bytes[1]) == bytes.count - 2)
        #expect(try self.inflater.inflate(Array(bytes[2...]), maxBytes: 1 << 20) == prefix + body + suffix)
    }

    @Test func `the window agreed on is the one used`() throws {
        let offer = "permessage-deflate; server_max_window_bits=9"
        let compression = try #require(try PermessageDeflate.negotiate([offer]))
        var generator = SplitMix64(seed: 8)
        let half = generator.bytes(2_000)
        var buffer = ByteBuffer()
        buffer.writeTextFrame(half.span, half.span, compression: compression, deflater: Deflater())
        #expect(buffer.readableBytes > 4_000)
    }

    @Test(arguments: [0, 1, 20, 1_000])
    func `a message that does not shrink is written plain`(byteCount: Int) throws {
        let compression = try #require(try PermessageDeflate.negotiate(["permessage-deflate"]))
        var generator = SplitMix64(seed: 4)
        let message = generator.bytes(byteCount)
        var plain = ByteBuffer()
        plain.writeTextFrame(message.span)
        var buffer = ByteBuffer()
        buffer.writeTextFrame(message.span, compression: compression, deflater: Deflater())
        #expect(buffer == plain)
    }
}
