import NIOCore
import TestSupport
import Testing

@testable import Wire

@Suite("Receiving frames")
struct ReceivingFramesTests {
    @Test func `the masked Hello of RFC 6455 5_7 is a text`() throws {
        let bytes: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(try heard(bytes) == [.text("Hello")])
    }

    @Test func `the masked pong of RFC 6455 5_7 is a pong`() throws {
        let bytes: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(try heard(bytes) == [.pong(Array("Hello".utf8))])
    }

    @Test func `two fragments make one text`() throws {
        #expect(try heard(ClientFrame(0x01, "Hel"), ClientFrame(0x80, "lo")) == [.text("Hello")])
    }

    @Test func `a binary message keeps its bytes whatever they are`() throws {
        let payload = [UInt8](0...255)
        #expect(try heard(ClientFrame(0x82, payload)) == [.binary(payload)])
    }

    @Test func `messages in one piece come out one by one`() throws {
        let frames = (0..<20).map { ClientFrame(0x81, "message \($0)") }
        #expect(try heard(frames.bytes) == (0..<20).map { .text("message \($0)") })
    }

    @Test func `control frames between fragments leave the message alone`() throws {
        let said = try heard(
            ClientFrame(0x01, "one "),
            ClientFrame(0x89, "ping"),
            ClientFrame(0x00, "two "),
            ClientFrame(0x8A, "pong"),
            ClientFrame(0x00),
            ClientFrame(0x80, "three"),
            ClientFrame(0x81, "next")
        )
        #expect(
            said == [
                .ping(Array("ping".utf8)), .pong(Array("pong".utf8)), .text("one two three"), .text("next"),
            ]
        )
    }

    @Test func `empty frames are empty messages and empty pings`() throws {
        let said = try heard(ClientFrame(0x81), ClientFrame(0x82), ClientFrame(0x89), ClientFrame(0x8A))
        #expect(said == [.text(""), .binary([]), .ping([]), .pong([])])
    }

    @Test func `an empty message may come in empty fragments`() throws {
        #expect(try heard(ClientFrame(0x01), ClientFrame(0x00), ClientFrame(0x80)) == [.text("")])
    }

    @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001])
    func `a message of any length arrives whole`(byteCount: Int) throws {
        var generator = SplitMix64(seed: UInt64(byteCount))
        let payload = generator.bytes(byteCount)
        #expect(try heard(ClientFrame(0x82, payload)) == [.binary(payload)])
    }

    @Test func `a ping may carry 125 bytes`() throws {
        let payload = [UInt8](repeating: 7, count: 125)
        #expect(try heard(ClientFrame(0x89, payload)) == [.ping(payload)])
    }

    @Test func `any key unmasks`() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<200 {
            var frame = ClientFrame(0x82, generator.bytes(Int.random(in: 0...40, using: &generator)))
            frame.key = generator.bytes(4)
            #expect(try heard(frame) == [.binary(frame.payload)])
        }
    }

    @Test func `the input is consumed and its storage neither written nor copied`() throws {
        let bytes = ClientFrame(0x81, "Hello, hello, hello").bytes
        var input = ByteBuffer(bytes: bytes)
        let other = input
        var decoder = FrameDecoder(maxMessageBytes: 100)
        #expect(try decoder.next(from: &input) == .text)
        #expect(input.readableBytes == 0)
        #expect(Array(other.readableBytesView) == bytes)
        let storages = [input, other].map { $0.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(storages[0] == storages[1])
    }

    @Test func `a message that the caller keeps is not overwritten by the next`() throws {
        var input = ByteBuffer(bytes: [ClientFrame(0x81, "first"), ClientFrame(0x81, "other")].bytes)
        var decoder = FrameDecoder(maxMessageBytes: 100)
        #expect(try decoder.next(from: &input) == .text)
        let kept = decoder.message
        #expect(try decoder.next(from: &input) == .text)
        #expect(kept == Array("first".utf8))
        #expect(decoder.message == Array("other".utf8))
    }
}
