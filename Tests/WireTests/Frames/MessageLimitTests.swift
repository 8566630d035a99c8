import NIOCore
import Testing

@testable import Wire

@Suite("The limit on a message and what memory it costs")
struct MessageLimitTests {
    private let tooBig = ProtocolViolation.tooBig(maxMessageBytes: 1000)

    @Test func `a message of the limit passes and one byte more does not`() throws {
        let longest = [UInt8](repeating: 0x61, count: 1000)
        #expect(try heard(ClientFrame(0x82, longest), maxMessageBytes: 1000) == [.binary(longest)])
        #expect(try heard(ClientFrame(0x82, longest + [0x61]), maxMessageBytes: 1000) == [.violation(self.tooBig)])
        #expect(self.tooBig.code == .messageTooBig)
    }

    @Test(arguments: [1001, 65_535, 65_536, 1 << 32, 1 << 62, UInt64(Int64.max)])
    func `a frame above the limit is refused by its header`(claimed: UInt64) throws {
        var listener = try Listener(maxMessageBytes: 1000)
        let header = ClientFrame(0x81, claimingBytes: claimed).bytes
        #expect(listener.hear(header) == [.violation(self.tooBig)])
        #expect(listener.decoder.message.capacity == 0)
    }

    @Test func `fragments are added up`() throws {
        let half = [UInt8](repeating: 0x61, count: 500)
        let start = [ClientFrame(0x02, half), ClientFrame(0x00, half)].bytes
        #expect(try heard(start + ClientFrame(0x80).bytes, maxMessageBytes: 1000) == [.binary(half + half)])
        let more = ClientFrame(0x00, claimingBytes: 1).bytes
        #expect(try heard(start + more, maxMessageBytes: 1000) == [.violation(self.tooBig)])
        let huge = ClientFrame(0x80, claimingBytes: UInt64(Int64.max)).bytes
        #expect(try heard(start + huge, maxMessageBytes: 1000) == [.violation(self.tooBig)])
    }

    @Test func `a control frame is not measured by the limit`() throws {
        let payload = [UInt8](repeating: 1, count: 125)
        #expect(try heard(ClientFrame(0x89, payload), maxMessageBytes: 1) == [.ping(payload)])
    }

    @Test func `a claimed length reserves nothing`() throws {
        var listener = try Listener(maxMessageBytes: 1 << 30)
        #expect(listener.hear(ClientFrame(0x82, claimingBytes: 1 << 30).bytes + [1, 2, 3]) == [])
        #expect(listener.decoder.message.count == 3)
        #expect(listener.decoder.message.capacity < 256)
    }

    @Test func `memory grows with what was received`() throws {
        var listener = try Listener(maxMessageBytes: 1 << 30)
        _ = listener.hear(ClientFrame(0x82, claimingBytes: 1 << 30).bytes)
        let piece = [UInt8](repeating: 0, count: 1000)
        for received in 1...100 {
            _ = listener.hear(piece)
            #expect(listener.decoder.message.capacity < 2 * 1000 * received + 256)
        }
    }

    @Test func `a flood of empty fragments grows nothing`() throws {
        var listener = try Listener(maxMessageBytes: 1000)
        _ = listener.hear(ClientFrame(0x01).bytes)
        let flood = [ClientFrame](repeating: ClientFrame(0x00), count: 10_000).bytes
        #expect(listener.hear(flood) == [])
        #expect(listener.decoder.message.capacity == 0)
        #expect(listener.decoder.control.capacity == 0)
        #expect(listener.hear(ClientFrame(0x80, "end").bytes) == [.text("end")])
    }

    @Test func `trim frees the buffers of finished things`() throws {
        var listener = try Listener()
        let message = [UInt8](repeating: 0x61, count: 10_000)
        _ = listener.hear([ClientFrame(0x82, message), ClientFrame(0x89, "ping")].bytes)
        #expect(listener.decoder.message.capacity >= 10_000)
        listener.trim()
        #expect(listener.decoder.message.capacity == 0)
        #expect(listener.decoder.control.capacity == 0)
    }

    @Test func `trim keeps what is half received`() throws {
        for cut in 1..<ClientFrame(0x81, "Hello").bytes.count {
            for first: UInt8 in [0x81, 0x82, 0x89, 0x8A] {
                let frame = ClientFrame(first, "Hello").bytes
                var listener = try Listener()
                #expect(listener.hear(frame[..<cut]) == [])
                #expect(listener.decoder.isMidMessage)
                listener.trim()
                #expect(listener.hear(frame[cut...]).count == 1)
                #expect(listener.decoder.message + listener.decoder.control == Array("Hello".utf8))
                #expect(!listener.decoder.isMidMessage)
            }
        }
    }

    @Test func `a decoder is mid-message between fragments`() throws {
        var listener = try Listener()
        #expect(!listener.decoder.isMidMessage)
        _ = listener.hear(ClientFrame(0x01, "Hel").bytes)
        #expect(listener.decoder.isMidMessage)
        #expect(listener.hear(ClientFrame(0x89).bytes) == [.ping([])])
        #expect(listener.decoder.isMidMessage)
        listener.trim()
        #expect(listener.hear(ClientFrame(0x80, "lo").bytes) == [.text("Hello")])
        #expect(!listener.decoder.isMidMessage)
    }
}
