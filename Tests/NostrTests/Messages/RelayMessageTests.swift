import TestSupport
import Testing

@testable import Nostr

/// What the relay sends, byte for byte (NIP-01).
@Suite struct RelayMessageTests {
    private static let id = EventID(Bytes32(0x0123_4567_89AB_CDEF, 0, 0, 0xFF))

    private static func text(_ message: RelayMessage) -> String { String(decoding: message.json, as: UTF8.self) }

    @Test func `OK says the id, whether it was accepted, and why`() {
        let id = Self.id.hex
        #expect(id == "0123456789abcdef" + String(repeating: "0", count: 46) + "ff")
        #expect(Self.text(.ok(Self.id, accepted: true, text: "")) == #"["OK","\#(id)",true,""]"#)
        let duplicate = #"["OK","\#(id)",true,"duplicate: already have this event"]"#
        #expect(Self.text(.ok(Self.id, accepted: true, text: "duplicate: already have this event")) == duplicate)
        #expect(
            Self.text(.ok(Self.id, accepted: false, text: "blocked: é\"\n"))
                == #"["OK","\#(id)",false,"blocked: é\"\n"]"#
        )
    }

    @Test func `OK about an id that is none repeats it as it came`() {
        let refusal = Refusal(.invalid, "id is not 64 lower-case hexadecimal digits")
        let message = RelayMessage.refused(claimedID: Array(#"A\"B"#.utf8), refusal)
        #expect(Self.text(message) == #"["OK","A\"B",false,"invalid: id is not 64 lower-case hexadecimal digits"]"#)
        #expect(Self.text(.refused(claimedID: [], refusal)).hasPrefix(#"["OK","",false,"invalid: "#))
    }

    @Test func `EOSE, CLOSED and EVENT name the subscription`() {
        for (id, written) in [("sub", "sub"), ("a\"b\\\n\u{1}é", #"a\"b\\\n\u0001é"#)] {
            let id = SubscriptionID(id)
            #expect(Self.text(.endOfStoredEvents(id)) == #"["EOSE","\#(written)"]"#)
            #expect(Self.text(.endOfStoredEvents(id, .finish)) == #"["EOSE","\#(written)",["finish"]]"#)
            #expect(Self.text(.endOfStoredEvents(id, .more)) == #"["EOSE","\#(written)",["more"]]"#)
            let closed = Self.text(.closed(id, Refusal(.authRequired, "log in \"first\"")))
            #expect(closed == #"["CLOSED","\#(written)","auth-required: log in \"first\""]"#)
            let prefix = String(decoding: RelayMessage.eventPrefix(id), as: UTF8.self)
            #expect(prefix == #"["EVENT","\#(written)","#)
        }
    }

    @Test func `an EVENT message of the prefix, the event and a bracket is JSON`() throws {
        let event = try Event.sample(tags: [["t", "\"\u{1}"]], content: "\\\n")
        let message = RelayMessage.eventPrefix(SubscriptionID("\"]")) + event.json + Array("]".utf8)
        #expect(JSONProbe.fault(in: message) == nil)
    }

    @Test func `COUNT says the number, whether it is estimated, and the registers`() throws {
        let id = SubscriptionID("q\"")
        #expect(Self.text(.count(id, EventCount(0))) == #"["COUNT","q\"",{"count":0}]"#)
        let estimate = Self.text(.count(id, EventCount(93_412_452, isApproximate: true)))
        #expect(estimate == #"["COUNT","q\"",{"count":93412452,"approximate":true}]"#)
        var sketch = try #require(HyperLogLog(for: Filter(parsing: ##"{"#t":["x"]}"##)))
        let zeros = String(repeating: "00", count: 256)
        #expect(
            Self.text(.count(id, EventCount(1, sketch: sketch))) == #"["COUNT","q\"",{"count":1,"hll":"\#(zeros)"}]"#
        )
        sketch.note(PublicKey(Bytes32(0, 0, 0, 1)))
        #expect(Self.text(.count(id, EventCount(1, sketch: sketch))).contains(sketch.hex))
    }

    @Test func `NOTICE says its text`() {
        #expect(Self.text(.notice("")) == #"["NOTICE",""]"#)
        #expect(Self.text(.notice("a \"b\"\\\t\u{7F}\u{1F}/😀")) == "[\"NOTICE\",\"a \\\"b\\\"\\\\\\t\u{7F}\\u001f/😀\"]")
    }

    @Test func `a refusal is its prefix, a colon and its text`() {
        let written = Dictionary(
            uniqueKeysWithValues: Refusal.Prefix.allCases.map { ($0, Refusal($0, "why").description) }
        )
        #expect(
            written == [
                .duplicate: "duplicate: why", .pow: "pow: why", .blocked: "blocked: why",
                .rateLimited: "rate-limited: why",
                .invalid: "invalid: why", .restricted: "restricted: why", .mute: "mute: why", .error: "error: why",
                .unsupported: "unsupported: why", .authRequired: "auth-required: why", .closed: "closed: why",
            ]
        )
    }

    @Test(arguments: [20_260_406] as [UInt64]) func `whatever the text, the message is JSON`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let id = SubscriptionID(generator.string(upTo: 64))
            let refusal = Refusal(.error, generator.string(upTo: 40))
            for message: RelayMessage in [
                .ok(Self.id, accepted: false, text: refusal.text), .refused(claimedID: id.canonical, refusal),
                .endOfStoredEvents(id), .closed(id, refusal), .notice(refusal.text),
                .negentropyMessage(id, [0x61]), .negentropyError(id, refusal), .negentropyError(id, refusal, cap: 7),
            ] {
                if let fault = JSONProbe.fault(in: message.json) { Issue.record("\(fault): \(Self.text(message))") }
            }
        }
    }
}
