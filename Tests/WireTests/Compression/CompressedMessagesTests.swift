import NIOCore
import Testing

@testable import Wire

@Suite("Receiving compressed messages (RFC 7692 7.2)")
struct CompressedMessagesTests {
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    private func said(_ payload: [UInt8], maxMessageBytes: Int = 1 << 20) throws -> [Heard] {
        try heard(ClientFrame(0xC1, payload), maxMessageBytes: maxMessageBytes, isCompressed: true)
    }

    @Test(
        arguments: [
            CompressedMessagesTests.hello,
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]]
    )
    func `the examples of RFC 7692 7_2_3 say Hello`(payload: [UInt8]) throws {
        #expect(try self.said(payload) == [.text("Hello")])
    }

    @Test func `a compressed message may be cut into fragments anywhere`() throws {
        for first in 0...Self.hello.count {
            for second in first...Self.hello.count {
                let frames = [
                    ClientFrame(0x41, Array(Self.hello[..<first])), ClientFrame(0x89),
                    ClientFrame(0x00, Array(Self.hello[first..<second])),
                    ClientFrame(0x80, Array(Self.hello[second...])),
                ]
                #expect(try heard(frames.bytes, isCompressed: true) == [.ping([]), .text("Hello")])
            }
        }
    }

    @Test func `a message may stay uncompressed`() throws {
        let frames = [ClientFrame(0xC1, Self.hello), ClientFrame(0x81, "plain"), ClientFrame(0xC2, Self.hello)]
        let said = try heard(frames.bytes, isCompressed: true)
        #expect(said == [.text("Hello"), .text("plain"), .binary(Array("Hello".utf8))])
    }

    @Test(arguments: [[0x00], [0x02, 0x00], [0x03, 0x00, 0x00], []] as [[UInt8]])
    func `an empty message is empty`(payload: [UInt8]) throws {
        #expect(try self.said(payload) == [.text("")])
    }

    @Test func `final blocks may stand anywhere and be referred back across`() throws {
        let final: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        #expect(try self.said(final + final + Self.hello) == [.text("HelloHelloHello")])
        #expect(try self.said(final + [0xF2, 0x00, 0x11, 0x00, 0x00]) == [.text("HelloHello")])
    }

    @Test func `nothing of one message is left to the next`() throws {
        // RFC 7692 §7.2.3.2: "Hello" as a reference to the message before, which no context takeover forbids.
        let frames = [ClientFrame(0xC1, Self.hello), ClientFrame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00])]
        #expect(try heard(frames.bytes, isCompressed: true) == [.text("Hello"), .violation(.corruptCompression)])
    }

    @Test func `a corrupt message spoils no other connection's`() throws {
        let inflater = Inflater()
        #expect(throws: ProtocolViolation.corruptCompression) { try inflater.inflate([0xFF, 0xFF], maxBytes: 100) }
        #expect(throws: ProtocolViolation.truncatedCompression) { try inflater.inflate([0xF2, 0x48], maxBytes: 100) }
        #expect(try inflater.inflate(Self.hello, maxBytes: 100) == Array("Hello".utf8))
    }

    @Test func `a message that is cut short is refused`() throws {
        for byteCount in 1..<Self.hello.count {
            let said = try self.said(Array(Self.hello[..<byteCount]))
            let isRefused = said == [.violation(.truncatedCompression)] || said == [.violation(.corruptCompression)]
            #expect(isRefused, "\(byteCount) bytes: \(said)")
        }
        #expect(ProtocolViolation.truncatedCompression.code == .invalidPayload)
    }

    @Test(
        arguments: [
            [0xFF],  // a block of the reserved type
            [0x00, 0x05, 0x00, 0xFA, 0xFE, 0x48],  // a stored block whose lengths disagree
            [0x04, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],  // impossible code lengths
        ] as [[UInt8]]
    )
    func `a message that is not DEFLATE is refused`(payload: [UInt8]) throws {
        #expect(try self.said(payload) == [.violation(.corruptCompression)])
    }

    @Test func `bytes after the end are refused`() throws {
        let final: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
        for garbage: [UInt8] in [[0xFF], [0x06], [0x00, 0x01, 0x02, 0x03, 0x04]] {
            #expect(try self.said(final + garbage).first.map { $0 == .text("Hello") } == false)
            #expect(try self.said(Self.hello + garbage).first.map { $0 == .text("Hello") } == false)
        }
        #expect(try self.said(Self.hello + [0x00, 0x00, 0xFF, 0xFF]) == [.violation(.truncatedCompression)])
        #expect(try self.said(Array(final.dropLast())) == [.violation(.truncatedCompression)])
    }

    @Test func `inflated text must be UTF-8`() throws {
        let payload = Deflater().deflate([0x61, 0xFF].span, windowBits: 15)
        #expect(try self.said(payload) == [.violation(.textNotUTF8)])
    }

    @Test func `a bomb is refused within bounded memory`() throws {
        let zeros = [UInt8](repeating: 0, count: 16 << 20)
        let bomb = Deflater(level: 9).deflate(zeros.span, windowBits: 15)
        #expect(bomb.count < 20_000)
        let tooBig = ProtocolViolation.tooBig(maxMessageBytes: 1 << 20)
        #expect(try self.said(bomb) == [.violation(tooBig)])
        #expect(try heard(ClientFrame(0xC2, bomb), maxMessageBytes: 16 << 20, isCompressed: true) == [.binary(zeros)])
    }

    @Test(arguments: [1, 2, 255, 256, 257, 1_000, 100_000])
    func `the limit holds to the byte for what is inflated`(byteCount: Int) throws {
        let inflater = Inflater()
        let message = [UInt8](repeating: 0x61, count: byteCount)
        let payload = Deflater().deflate(message.span, windowBits: 15)
        let inflated = try inflater.inflate(payload, maxBytes: byteCount)
        #expect(inflated == message)
        #expect(inflated.capacity <= max(byteCount + 1, 8) + 64)
        #expect(throws: ProtocolViolation.tooBig(maxMessageBytes: byteCount - 1)) {
            try inflater.inflate(payload, maxBytes: byteCount - 1)
        }
    }

    @Test func `the limit holds for the compressed bytes too`() throws {
        let payload = [UInt8](repeating: 0, count: 11)
        let tooBig = ProtocolViolation.tooBig(maxMessageBytes: 10)
        #expect(try self.said(payload, maxMessageBytes: 10) == [.violation(tooBig)])
    }

    @Test func `without an inflater a compressed message fails as the server's own fault`() throws {
        var input = ByteBuffer(bytes: ClientFrame(0xC1, Self.hello).bytes)
        let compression = try PermessageDeflate.negotiate(["permessage-deflate"])
        var decoder = FrameDecoder(maxMessageBytes: 100, compression: compression)
        #expect(throws: ProtocolViolation.compressionUnavailable) { try decoder.next(from: &input) }
    }
}
