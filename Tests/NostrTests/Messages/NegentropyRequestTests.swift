import Testing

@testable import Nostr

/// NEG-OPEN, NEG-MSG, NEG-CLOSE and what answers them (NIP-77).
@Suite struct NegentropyRequestTests {
    private static func read(_ text: String) -> NegentropyRequest? {
        guard case .negentropy(let request) = try? MessageProbe.read(text) else { return nil }
        return request
    }

    private static func error(_ text: String) -> ClientMessageError {
        .negentropy(SubscriptionID("a"), Refusal(.invalid, text))
    }

    @Test func `each of the three holds what it has to`() throws {
        guard case .open(let id, let filter, let bytes) = Self.read(#"["NEG-OPEN","a",{"kinds":[1]},"61000200"]"#),
            case .message(_, let further) = Self.read(#"[ "NEG-MSG" , "a" , "" ]"#),
            case .close(let closed) = Self.read(#"["NEG-CLOSE","a"]"#)
        else {
            Issue.record("other messages")
            return
        }
        #expect(id == SubscriptionID("a") && closed == id)
        #expect(filter.kinds == [1] && bytes == [0x61, 0, 2, 0] && further == [])
        guard case .message(_, let long) = Self.read(#"["NEG-MSG","a","\#(String(repeating: "0f", count: 1_000))"]"#)
        else {
            Issue.record("no message")
            return
        }
        #expect(long == [UInt8](repeating: 15, count: 1_000))
    }

    @Test func `what is missing, or is no hexadecimal, is told by NEG-ERR`() {
        let open = Self.error("NEG-OPEN holds an id, a filter and a message")
        for text in [#"["NEG-OPEN","a"]"#, #"["NEG-OPEN","a",{}]"#] { #expect(MessageProbe.fault(text) == open) }
        #expect(MessageProbe.fault(#"["NEG-MSG","a"]"#) == Self.error("NEG-MSG holds an id and a message"))
        let hex = Self.error("a message is written in lower-case hexadecimal digits, two a byte")
        for message in [#""6""#, #""6G""#, #""AB""#, "61", "null", "[]", #""é""#, #""61 ""#] {
            #expect(MessageProbe.fault(#"["NEG-OPEN","a",{},\#(message)]"#) == hex)
            #expect(MessageProbe.fault(#"["NEG-MSG","a",\#(message)]"#) == hex)
        }
        #expect(MessageProbe.fault(#"["NEG-OPEN","a",[],"61"]"#) == Self.error("a filter is an object"))
        #expect(MessageProbe.fault(#"["NEG-OPEN","a",{"kinds":1},"61"]"#) == Self.error("kinds is a list"))
        let long = String(repeating: "x", count: 65)
        guard case .negentropy(let id, _) = MessageProbe.fault(#"["NEG-CLOSE","\#(long)"]"#) else {
            Issue.record("another answer")
            return
        }
        #expect(id == SubscriptionID(long))
    }

    @Test func `what is no message at all gets a notice`() {
        let texts = [
            #"["NEG-OPEN"]"#, #"["NEG-OPEN",1,{},"61"]"#, #"["NEG-MSG",null,"61"]"#, #"["NEG-CLOSE"]"#,
            #"["NEG-CLOSE",{}]"#,
            #"["NEG-CLOSE","a","b"]"#, #"["NEG-MSG","a","61","62"]"#, #"["NEG-OPEN","a",{},"61",1]"#,
            #"["NEG-OPEN","a",{},"61""#, #"["NEG-OPEN","a",{"kinds"},"61"]"#,
        ]
        for text in texts { #expect(MessageProbe.isNotice(text, "invalid: "), "\(text)") }
    }

    @Test func `line 90: NEG-ERR says why, and the cap where there is one`() {
        let id = SubscriptionID("a\"")
        func text(_ message: RelayMessage) -> String { String(decoding: message.json, as: UTF8.self) }
        #expect(text(.negentropyMessage(id, [0x61, 0x0A])) == #"["NEG-MSG","a\"","610a"]"#)
        let refusal = Refusal(.blocked, "too much")
        #expect(text(.negentropyError(id, refusal)) == #"["NEG-ERR","a\"","blocked: too much"]"#)
        #expect(text(.negentropyError(id, refusal, cap: 500)) == #"["NEG-ERR","a\"","blocked: too much",500]"#)
        #expect(text(.negentropyError(id, Refusal(.closed, "idle"))) == #"["NEG-ERR","a\"","closed: idle"]"#)
    }
}
