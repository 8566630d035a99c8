import Testing

@testable import Nostr

/// What every message has in common, and EVENT, AUTH and CLOSE (NIP-01, NIP-42).
@Suite struct ClientMessageTests {
    private static let event = EventText(tags: #"[["t","x"]]"#)

    @Test(arguments: ["EVENT", "AUTH"]) func `EVENT and AUTH hold one event`(_ verb: String) throws {
        for text in [#"["\#(verb)",\#(Self.event.json)]"#, " [ \"\(verb)\"\n,\t\(Self.event.json) ]\r\n"] {
            switch try MessageProbe.read(text) {
            case .event(let event): #expect(verb == "EVENT" && event.text == Self.event.json)
            case .authenticate(let event): #expect(verb == "AUTH" && event.text == Self.event.json)
            default: Issue.record("another message")
            }
        }
    }

    @Test(arguments: ["EVENT", "AUTH"]) func `an event with a fault is answered about by its id`(_ verb: String) {
        func fault(_ event: EventText) -> ClientMessageError? { MessageProbe.fault(#"["\#(verb)",\#(event.json)]"#) }
        let claimed = Array(Self.event.id.utf8)
        let wrongHash = Refusal(.invalid, "id is not the hash of the event")
        #expect(fault(Self.event.with("content", #""other""#)) == .event(claimedID: claimed, wrongHash))
        let wrongKind = Refusal(.invalid, "kind is not a whole number from 0 to 65535")
        #expect(fault(Self.event.with("kind", "65536")) == .event(claimedID: claimed, wrongKind))
        let wrongID = Refusal(.invalid, "id is not 64 lower-case hexadecimal digits")
        #expect(fault(Self.event.with("id", #""ABC""#)) == .event(claimedID: Array("ABC".utf8), wrongID))
        #expect(fault(Self.event.with("id", nil)) == .notice("invalid: the event has no id"))
        #expect(fault(Self.event.with("id", "5")) == .notice("invalid: id is not a string"))
        #expect(
            fault(Self.event.with("id", "\"\(String(repeating: "a", count: 129))\""))
                == .notice("invalid: \(wrongID.text)")
        )
    }

    @Test(arguments: ["EVENT", "AUTH"])
    func `EVENT and AUTH with anything but one event object get a notice`(_ verb: String) {
        for value in ["null", "1", "true", "[]", #""{}""#, #""sub",{}"#] {
            let expected = ClientMessageError.notice("invalid: an EVENT or AUTH message holds one event object")
            #expect(MessageProbe.fault(#"["\#(verb)",\#(value)]"#) == expected, "\(value)")
        }
        let json = Self.event.json
        for rest in [
            "", ",", ",]", ",\(json)", ",\(json),]", ",\(json),1]", ",\(json),\(json)]", ",\(json)]]", ",\(json)] x",
            " \(json)]",
        ] {
            #expect(MessageProbe.isNotice(#"["\#(verb)"\#(rest)"#, "invalid: "), "\(rest)")
        }
        #expect(MessageProbe.isNotice(#"["\#(verb)"]"#, "invalid: "))
    }

    @Test func `CLOSE holds a subscription id and nothing more`() throws {
        guard case .close(let id) = try MessageProbe.read(#" [ "CLOSE" , "a\u00e9" ] "#) else {
            Issue.record("another message")
            return
        }
        #expect(id == SubscriptionID("aé"))
        for text in [
            #"["CLOSE"]"#, #"["CLOSE",]"#, #"["CLOSE","a",]"#, #"["CLOSE","a","b"]"#, #"["CLOSE","a"]]"#,
            #"["CLOSE","a""#,
        ] {
            #expect(MessageProbe.isNotice(text, "invalid: "), "\(text)")
        }
        for value in ["null", "1", "[]", "{}", "true"] {
            let expected = ClientMessageError.notice("invalid: a subscription id is a string")
            #expect(MessageProbe.fault(#"["CLOSE",\#(value)]"#) == expected)
        }
    }

    @Test(arguments: [
        "", " ", "x", "1", "null", "true", #""EVENT""#, "{}", #"{"EVENT":{}}"#, "[]", "[1]", "[null]", "[[]]",
        #"[["EVENT"]]"#, "[{}]",
    ])
    func `a text that is no array beginning with a name gets a notice`(_ text: String) {
        #expect(MessageProbe.isNotice(text, "invalid: "))
    }

    @Test(arguments: [
        "", "event", "Event", "EVENTS", "EVEN", "NOTICE", "OK", "EOSE", "NEG-ERR", "NEG", "é", #"\""#, #"\u0000"#,
    ])
    func `a message of another name is unsupported, and the notice says its name`(_ verb: String) {
        let name = [#"\""#: "\"", #"\u0000"#: "\0"][verb] ?? verb
        let expected = ClientMessageError.notice("unsupported: this relay has no message \"\(name)\"")
        #expect(MessageProbe.fault(#"["\#(verb)","x",{}]"#) == expected)
        #expect(MessageProbe.fault(#"["\#(verb)"]"#) == expected)
    }

    @Test func `a message's long name is cut short in the notice`() {
        let long = String(repeating: "x", count: 1_000_000)
        let expected = ClientMessageError.notice("unsupported: this relay has no message \"\(long.prefix(32))\"")
        #expect(MessageProbe.fault(#"["\#(long)"]"#) == expected)
        // Cut inside an escape and inside a character, it is mended.
        for escape in [#"\u00e9"#, #"\ud83d\ude00"#, "é", "😀", #"\\"#] {
            for count in 20..<33 {
                let name = String(repeating: "x", count: count) + escape
                #expect(MessageProbe.isNotice(#"["\#(name)"]"#, "unsupported: this relay has no message \"xxx"))
            }
        }
    }

    @Test func `every truncation of a message is an error`() {
        let id = String(repeating: "a", count: 64)
        let texts = [
            #"["EVENT",\#(Self.event.json)]"#, #"["AUTH",\#(Self.event.json)]"#, #"["CLOSE","a\u00e9"]"#,
            ##"["REQ","\ud83d\ude00",{"ids":["\##(id)"],"kinds":[1,2],"#t":["a","\n"],"limit":5},{"since":1}]"##,
            ##"["COUNT","a",{"authors":["\##(id)"],"#e":["\##(id)"]}]"##,
            #"["NEG-OPEN","a",{"kinds":[1]},"6100"]"#, #"["NEG-MSG","a","61"]"#, #"["NEG-CLOSE","a\u00e9"]"#,
        ]
        for text in texts {
            #expect(MessageProbe.fault(text) == nil)
            for count in 0..<text.utf8.count {
                let cut = String(decoding: Array(text.utf8)[..<count], as: UTF8.self)
                #expect(MessageProbe.fault(cut) != nil, "\(cut)")
            }
        }
    }
}
