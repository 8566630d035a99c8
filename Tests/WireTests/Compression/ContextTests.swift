import NIOCore
import TestSupport
import Testing

@testable import Wire

@Suite("Context taken over from message to message (RFC 7692 7.1.1, 7.2.3.2)")
struct ContextTests {
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
    /// "Hello" as a reference to the message before.
    private static let again: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]

    private func compression(_ offer: String, keeping bytes: Int = 0) throws -> PermessageDeflate {
        try #require(try PermessageDeflate.negotiate(["permessage-deflate" + offer], clientContextBytes: bytes))
    }

    // MARK: A client's messages

    @Test func `the example of RFC 7692 7_2_3_2 refers back to the message before`() throws {
        var listener = try Listener(isCompressed: true, contextBytes: 512)
        #expect(listener.hear(ClientFrame(0xC1, Self.hello).bytes) == [.text("Hello")])
        listener.trim()
        #expect(listener.hear(ClientFrame(0xC1, Self.again).bytes) == [.text("Hello")])
    }

    @Test func `what was sent plain is no part of the context`() throws {
        var listener = try Listener(isCompressed: true, contextBytes: 512)
        let frames = [ClientFrame(0xC1, Self.hello), ClientFrame(0x81, "other"), ClientFrame(0xC1, Self.again)]
        #expect(listener.hear(frames.bytes) == [.text("Hello"), .text("other"), .text("Hello")])
    }

    @Test(arguments: 9...15)
    func `a client's stream is understood at every window, however long`(windowBits: Int) throws {
        var generator = SplitMix64(seed: UInt64(windowBits))
        let deflater = Deflater(level: 6)
        var run = DeflateRun()
        var listener = try Listener(isCompressed: true, contextBytes: 1 << windowBits)
        let words = (0..<200).map { _ in generator.bytes(Int.random(in: 1...40, using: &generator)) }
        for _ in 0..<150 {
            let wordCount = Int.random(in: 0...60, using: &generator) * (Bool.random(using: &generator) ? 1 : 20)
            let message = (0..<wordCount).flatMap { _ in words.randomElement(using: &generator) ?? [] }
            let payload = deflater.deflate(message.span, windowBits: windowBits, run: &run)
            #expect(listener.hear(ClientFrame(0xC2, payload).bytes) == [.binary(message)])
            listener.trim()
        }
    }

    @Test func `what lies further back than was agreed on is gone`() throws {
        let deflater = Deflater(level: 9)
        var run = DeflateRun()
        var generator = SplitMix64(seed: 6)
        let message = generator.bytes(1_000)
        let other = generator.bytes(600)
        var listener = try Listener(isCompressed: true, contextBytes: 512)
        for (payload, heard) in [(message, Heard.binary(message)), (other, .binary(other))] {
            let deflated = deflater.deflate(payload.span, windowBits: 15, run: &run)
            #expect(listener.hear(ClientFrame(0xC2, deflated).bytes) == [heard])
        }
        let deflated = deflater.deflate(message.span, windowBits: 15, run: &run)
        #expect(listener.hear(ClientFrame(0xC2, deflated).bytes) == [.violation(.corruptCompression)])
    }

    @Test func `a context grows with what was sent and never beyond its bound`() {
        var context = InflateContext(maxBytes: 4_096)
        #expect(context.bytes.capacity == 0)
        var generator = SplitMix64(seed: 7)
        var all: [UInt8] = []
        for _ in 0..<500 {
            let message = generator.bytes(Int.random(in: 0...300, using: &generator))
            all += message
            context.append(message)
            #expect(context.bytes == Array(all.suffix(4_096)))
            #expect(context.bytes.capacity <= min(max(64, all.count * 3), 4_096 + 64))
        }
        context.append(generator.bytes(10_000))
        #expect(context.bytes.count == 4_096)
        #expect(context.bytes.capacity <= 4_096 + 64)
        var none = InflateContext(maxBytes: 0)
        none.append([1, 2, 3])
        #expect(none.bytes.capacity == 0)
    }

    @Test func `a bomb in a context is refused like any other`() throws {
        let deflater = Deflater(level: 9)
        var run = DeflateRun()
        var listener = try Listener(maxMessageBytes: 1 << 20, isCompressed: true, contextBytes: 32_768)
        let zeros = [UInt8](repeating: 0, count: 16 << 20)
        let start = deflater.deflate(zeros.span.extracting(first: 1_000), windowBits: 15, run: &run)
        #expect(listener.hear(ClientFrame(0xC2, start).bytes).count == 1)
        let bomb = deflater.deflate(zeros.span, windowBits: 15, run: &run)
        let tooBig = ProtocolViolation.tooBig(maxMessageBytes: 1 << 20)
        #expect(listener.hear(ClientFrame(0xC2, bomb).bytes) == [.violation(tooBig)])
    }

    // MARK: The server's messages

    /// Inflates the frames of a buffer as a client does that keeps its context.
    private func read(_ buffer: ByteBuffer, contextBytes: Int = 32_768) throws -> [Heard] {
        var listener = try Listener(isCompressed: true, contextBytes: contextBytes)
        return listener.hear(masked(Array(buffer.readableBytesView)))
    }

    @Test func `messages of a run refer back to those before them`() throws {
        let compression = try self.compression("")
        var generator = SplitMix64(seed: 9)
        let message = Array(generator.bytes(400).flatMap { Array(String($0, radix: 16).utf8) })
        let deflater = Deflater()
        var run = DeflateRun()
        var buffer = ByteBuffer()
        buffer.writeTextFrame(message.span, compression: compression, deflater: deflater, run: &run)
        let first = buffer.readableBytes
        for _ in 0..<9 {
            buffer.writeTextFrame(message.span, compression: compression, deflater: deflater, run: &run)
        }
        #expect(buffer.readableBytes - first < first)
        #expect(try self.read(buffer) == [Heard](repeating: .text(message), count: 10))
    }

    @Test func `an empty message in a run is the one byte of RFC 7692 7_2_3_6 and leaves the context alone`() throws {
        let deflater = Deflater()
        let nothing: [UInt8] = []
        let hello = Array("Hello, hello, hello, hello".utf8)
        var run = DeflateRun()
        #expect(deflater.deflate(nothing.span, windowBits: 15, run: &run) == [0x00])
        let first = deflater.deflate(hello.span, windowBits: 15, run: &run)
        #expect(deflater.deflate(nothing.span, windowBits: 15, run: &run) == [0x00])
        let second = deflater.deflate(hello.span, windowBits: 15, run: &run)
        #expect(second.count < first.count)
        var listener = try Listener(isCompressed: true, contextBytes: 32_768)
        let frames = [first, [0x00], second].map { ClientFrame(0xC1, $0) }
        #expect(listener.hear(frames.bytes) == [.text(hello), .text(nothing), .text(hello)])
    }

    @Test func `a client that keeps no context gets messages that stand for themselves`() throws {
        let compression = try self.compression("; server_no_context_takeover")
        let message = Array(String(repeating: "no context ", count: 20).utf8)
        let deflater = Deflater()
        var run = DeflateRun()
        var buffer = ByteBuffer()
        for _ in 0..<3 {
            buffer.writeTextFrame(message.span, compression: compression, deflater: deflater, run: &run)
        }
        #expect(try heard(masked(Array(buffer.readableBytesView)), isCompressed: true).count == 3)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `runs of several clients that share a deflater never mix`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let offers = ["", "; server_no_context_takeover", "; server_max_window_bits=9", "; server_max_window_bits=12"]
        let compressions = try offers.map { try self.compression($0) }
        let deflater = Deflater()
        var runs = [DeflateRun](repeating: DeflateRun(), count: offers.count)
        var buffers = [ByteBuffer](repeating: ByteBuffer(), count: offers.count)
        var expected = [[Heard]](repeating: [], count: offers.count)
        let words = (0..<50).map { _ in generator.bytes(20).flatMap { Array(String($0, radix: 16).utf8) } }
        for _ in 0..<300 {
            let client = Int.random(in: 0..<offers.count, using: &generator)
            var message = (0..<Int.random(in: 0...20, using: &generator))
                .flatMap { _ in words.randomElement(using: &generator) ?? [] }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: buffers[client].writeTextFrame(message.span)
            case 1:
                let end = Array("]".utf8)
                guard let shared = deflater.deflated(message.span, end.span) else { continue }
                let prefix = Array("prefix".utf8)
                guard buffers[client].writeTextFrame(prefix.span, shared, compression: compressions[client]) else {
                    continue
                }
                runs[client].end()
                message = prefix + message + end
            default:
                buffers[client].writeTextFrame(
                    message.span,
                    compression: compressions[client],
                    deflater: deflater,
                    run: &runs[client]
                )
            }
            expected[client].append(.text(message))
        }
        for client in offers.indices { #expect(try self.read(buffers[client]) == expected[client]) }
    }

    @Test func `a shared part is the end of a message for clients with and without context`() throws {
        let json = Array(String(repeating: #"{"content":"good morning"}"#, count: 30).utf8)
        let end = Array("]".utf8)
        let deflated = Deflater().deflated(json.span, end.span)
        let shared = try #require(deflated)
        for offer in ["", "; server_no_context_takeover", "; server_max_window_bits=10"] {
            for prefixBytes in [1, 20, 65_535] {
                let prefix = [UInt8](repeating: UInt8(ascii: "p"), count: prefixBytes)
                var buffer = ByteBuffer()
                let compression = try self.compression(offer)
                for _ in 0..<2 {
                    let isWritten = buffer.writeTextFrame(prefix.span, shared, compression: compression)
                    #expect(isWritten)
                }
                #expect(try self.read(buffer) == [Heard](repeating: .text(prefix + json + end), count: 2))
                #expect(try heard(masked(Array(buffer.readableBytesView)), isCompressed: true).count == 2)
            }
        }
    }

    @Test func `a shared part is not for a window that it may overreach, nor behind nothing or too much`() throws {
        var generator = SplitMix64(seed: 2)
        let half = generator.bytes(600).flatMap { Array(String($0, radix: 16).utf8) }
        let deflated = Deflater().deflated(half.span, half.span)
        let shared = try #require(deflated)
        let prefix: [UInt8] = [0x5B]
        for bits in 9...15 {
            var buffer = ByteBuffer()
            let compression = try self.compression("; server_max_window_bits=\(bits)")
            let isWritten = buffer.writeTextFrame(prefix.span, shared, compression: compression)
            #expect(isWritten == (1 << bits >= half.count * 2))
            #expect((buffer.readableBytes > 0) == isWritten)
        }
        let compression = try self.compression("")
        for count in [0, 65_536] {
            var buffer = ByteBuffer()
            let long = [UInt8](repeating: 0x20, count: count)
            let isWritten = buffer.writeTextFrame(long.span, shared, compression: compression)
            #expect(!isWritten)
        }
        let noise = generator.bytes(700)
        let nothing = Deflater().deflated(noise.span)
        #expect(nothing?.blocks == nil)
    }
}
