import TestSupport
import Testing

@testable import Wire

@Suite("A stream says the same however it is cut")
struct CutStreamsTests {
    private static let refused: [[ClientFrame]] = [
        [ClientFrame(0x81, "fine"), ClientFrame(0x83, "reserved")],
        [ClientFrame(0x01, "Hel"), ClientFrame(0x89, "?"), ClientFrame(0x81, "lo")],
        [ClientFrame(0x89, "?"), ClientFrame(0x82, claimingBytes: 1 << 40)],
        [ClientFrame(0x82, claimingBytes: 1 << 63)],
        [ClientFrame(0x81, [0x61, 0xFF, 0x61])],
        [ClientFrame(0x01, [0x61, 0xED, 0xA0]), ClientFrame(0x89, "?"), ClientFrame(0x83)],
        [ClientFrame(0x8A), ClientFrame(0x88, [0x03, 0xEC])],
    ]

    @Test(arguments: [false, true])
    func `at every point, cut in two`(isCompressed: Bool) throws {
        let conversation = Conversation(seed: 11, messages: 12, maxPayloadBytes: 140, isCompressed: isCompressed)
        for cut in 0...conversation.bytes.count {
            var listener = try Listener(isCompressed: isCompressed)
            var said = listener.hear(conversation.bytes[..<cut])
            listener.trim()
            said += listener.hear(conversation.bytes[cut...])
            #expect(said == conversation.expected)
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>, [false, true])
    func `into bytes, into random pieces, not at all`(seed: UInt64, isCompressed: Bool) throws {
        let conversation = Conversation(seed: seed, messages: 20, maxPayloadBytes: 300, isCompressed: isCompressed)
        #expect(try heard(conversation.bytes, isCompressed: isCompressed) == conversation.expected)

        var bytewise = try Listener(isCompressed: isCompressed)
        #expect(bytewise.hear(conversation.bytes, inPiecesOf: { 1 }) == conversation.expected)

        var generator = SplitMix64(seed: seed)
        var listener = try Listener(isCompressed: isCompressed)
        let said = listener.hear(conversation.bytes) { Int.random(in: 1...200, using: &generator) }
        #expect(said == conversation.expected)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `with messages across all three forms of the length`(seed: UInt64) throws {
        let conversation = Conversation(seed: seed, messages: 6, maxPayloadBytes: 150_000, isCompressed: seed % 2 == 1)
        var generator = SplitMix64(seed: seed)
        var listener = try Listener(isCompressed: seed % 2 == 1)
        let said = listener.hear(conversation.bytes) { Int.random(in: 1...9_000, using: &generator) }
        #expect(said == conversation.expected)
    }

    @Test(arguments: CutStreamsTests.refused)
    func `and is refused for the same reason`(frames: [ClientFrame]) throws {
        let whole = try heard(frames.bytes)
        guard case .violation = whole.last else {
            Issue.record("not refused: \(whole)")
            return
        }
        for cut in 0...frames.bytes.count {
            var listener = try Listener()
            var said = listener.hear(frames.bytes[..<cut])
            if said != whole {
                said += listener.hear(frames.bytes[cut...])
            }
            #expect(said == whole)
        }
        var bytewise = try Listener()
        #expect(bytewise.hear(frames.bytes, inPiecesOf: { 1 }) == whole)
    }
}
