import NIOCore
import Testing

@testable import Wire

@Suite("Frames that break RFC 6455 5")
struct RefusedFramesTests {
    @Test func `a frame without a mask is refused`() throws {
        var frame = ClientFrame(0x81, "Hello")
        frame.key = nil
        #expect(try heard(frame) == [.violation(.unmasked)])
    }

    @Test(arguments: [0x91, 0xA1, 0xB1, 0x92, 0xA0, 0x99, 0xA8] as [UInt8], [false, true])
    func `RSV2 and RSV3 are refused`(first: UInt8, isCompressed: Bool) throws {
        #expect(try heard(ClientFrame(first), isCompressed: isCompressed) == [.violation(.reservedBits)])
    }

    @Test(arguments: [0xC1, 0xC2, 0x41, 0xC0, 0xC8, 0xC9, 0xCA] as [UInt8])
    func `RSV1 is refused without compression`(first: UInt8) throws {
        #expect(try heard(ClientFrame(first)) == [.violation(.misplacedCompression)])
    }

    @Test(arguments: [0xC8, 0xC9, 0xCA] as [UInt8])
    func `RSV1 is refused on a control frame in spite of compression`(first: UInt8) throws {
        #expect(try heard(ClientFrame(first), isCompressed: true) == [.violation(.misplacedCompression)])
    }

    @Test(arguments: [0x01, 0x41] as [UInt8])
    func `RSV1 is refused on a later fragment`(first: UInt8) throws {
        let frames = [ClientFrame(first, "Hel"), ClientFrame(0xC0, "lo")]
        #expect(try heard(frames.bytes, isCompressed: true) == [.violation(.misplacedCompression)])
    }

    @Test(arguments: [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8], [0x00, 0x80] as [UInt8])
    func `a reserved opcode is refused`(opcode: UInt8, fin: UInt8) throws {
        #expect(try heard(ClientFrame(fin | opcode)) == [.violation(.reservedOpcode)])
    }

    @Test(arguments: [0x08, 0x09, 0x0A] as [UInt8])
    func `a fragment of a control frame is refused`(first: UInt8) throws {
        #expect(try heard(ClientFrame(first)) == [.violation(.fragmentedControl)])
    }

    @Test(arguments: [0x88, 0x89, 0x8A] as [UInt8], [126, 65_536])
    func `a control frame above 125 bytes is refused by its first two bytes`(first: UInt8, byteCount: Int) throws {
        let frame = ClientFrame(first, [UInt8](repeating: 0x20, count: byteCount))
        #expect(try heard(Array(frame.bytes.prefix(2))) == [.violation(.longControl)])
    }

    @Test func `a continuation of nothing is refused`() throws {
        #expect(try heard(ClientFrame(0x80, "lo")) == [.violation(.uncalledContinuation)])
        #expect(try heard(ClientFrame(0x00, "lo")) == [.violation(.uncalledContinuation)])
        let said = try heard(ClientFrame(0x81, "done"), ClientFrame(0x80, "more"))
        #expect(said == [.text("done"), .violation(.uncalledContinuation)])
    }

    @Test(arguments: [0x81, 0x82, 0x01, 0x02] as [UInt8])
    func `a new message before the last fragment is refused`(first: UInt8) throws {
        #expect(try heard(ClientFrame(0x01, "Hel"), ClientFrame(first, "lo")) == [.violation(.interruptedMessage)])
    }

    @Test(arguments: [0, 1, 125])
    func `a length of 125 or less in 16 bits is refused`(byteCount: Int) throws {
        var frame = ClientFrame(0x82, [UInt8](repeating: 1, count: byteCount))
        frame.lengthForm = .sixteenBits
        #expect(try heard(frame) == [.violation(.paddedLength)])
    }

    @Test(arguments: [0, 125, 126, 65_535])
    func `a length of 65535 or less in 64 bits is refused`(byteCount: Int) throws {
        var frame = ClientFrame(0x82, [UInt8](repeating: 1, count: byteCount))
        frame.lengthForm = .sixtyFourBits
        #expect(try heard(frame) == [.violation(.paddedLength)])
    }

    @Test(arguments: [1 << 63, UInt64.max])
    func `a length with its top bit set is refused`(claimed: UInt64) throws {
        #expect(try heard(ClientFrame(0x82, claimingBytes: claimed)) == [.violation(.negativeLength)])
    }

    @Test func `a violation is repeated for ever and swallows the input`() throws {
        var listener = try Listener()
        let said = listener.hear([ClientFrame(0x81, "fine"), ClientFrame(0x83), ClientFrame(0x81, "late")].bytes)
        #expect(said == [.text("fine"), .violation(.reservedOpcode)])
        #expect(listener.hear(ClientFrame(0x81, "later").bytes) == [.violation(.reservedOpcode)])
        #expect(listener.hear([]) == [.violation(.reservedOpcode)])
        #expect(listener.decoder.message.capacity == 0)
        #expect(!listener.decoder.isMidMessage)

        var input = ByteBuffer(bytes: ClientFrame(0x83).bytes)
        var decoder = FrameDecoder(maxMessageBytes: 10)
        #expect(throws: ProtocolViolation.reservedOpcode) { try decoder.next(from: &input) }
        #expect(input.readableBytes == 0)
    }

    @Test func `every reason fits into a close frame`() {
        let violations: [ProtocolViolation] = [
            .reservedBits, .reservedOpcode, .unmasked, .fragmentedControl, .longControl, .paddedLength, .negativeLength,
            .misplacedCompression, .uncalledContinuation, .interruptedMessage, .closeOfOneByte, .illegalCloseCode,
            .closeReasonNotUTF8, .textNotUTF8, .corruptCompression, .truncatedCompression, .compressionUnavailable,
            .tooBig(maxMessageBytes: .max),
        ]
        for violation in violations {
            #expect((1...123).contains(violation.reason.utf8.count))
            #expect(violation.reason.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }
}
