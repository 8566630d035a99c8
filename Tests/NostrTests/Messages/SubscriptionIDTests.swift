import Testing

@testable import Nostr

/// Subscription ids have 1 to 64 characters (NIP-01, checklist 26).
@Suite struct SubscriptionIDTests {
    private static let lengthText = "a subscription id has 1 to 64 characters"

    @Test(arguments: [
        "a", " ", "\u{0}", "\n", "\"", "\\", "/", "é", "e\u{301}", "😀", "\u{10FFFF}", #"["REQ","x",{}]"#, "\u{2028}",
    ])
    func `any text of 1 to 64 characters is an id, and comes back as it was`(_ unit: String) {
        for count in [1, 2, 63, 64] {
            var scalars = String.UnicodeScalarView()
            while scalars.count < count { scalars.append(contentsOf: unit.unicodeScalars) }
            scalars.removeLast(scalars.count - count)
            let text = String(scalars)
            let read = MessageProbe.request(#"["REQ",\#(ReferenceText.quoted(text)),{}]"#)
            #expect(read?.id.utf8.elementsEqual(text.utf8) == true)
        }
    }

    @Test(arguments: [
        ("a", "a"), ("é", "é"), ("😀", "😀"), (#"\n"#, "\n"), (#"\u0061"#, "a"), (#"\ud83d\ude00"#, "😀"),
        (#"\u0001"#, "\u{1}"),
    ])
    func `64 characters are taken and 65 are not, however they are written`(_ unit: String, _ character: String) {
        let right = String(repeating: unit, count: 64)
        #expect(MessageProbe.request(#"["REQ","\#(right)",{}]"#)?.id == String(repeating: character, count: 64))
        let id = SubscriptionID(String(repeating: character, count: 65))
        for text in [
            #"["REQ","\#(right)\#(unit)",{}]"#, #"["COUNT","\#(right)\#(unit)",{}]"#, #"["CLOSE","\#(right)\#(unit)"]"#,
        ] {
            let fault = MessageProbe.requestFault(text)
            // Where the id is too long even to be repeated, there is nothing but a notice.
            let answers: [ClientMessageError] = [
                .subscription(id, Refusal(.invalid, Self.lengthText)), .notice("invalid: \(Self.lengthText)"),
            ]
            #expect(fault.map(answers.contains) == true)
        }
    }

    @Test func `an id of 65 characters is closed by its name, and one beyond all bounds is not repeated`() {
        let long = String(repeating: "a", count: 65)
        let expected = ClientMessageError.subscription(SubscriptionID(long), Refusal(.invalid, Self.lengthText))
        #expect(MessageProbe.fault(#"["REQ","\#(long)",{}]"#) == expected)
        let huge = String(repeating: "a", count: 1_000_000)
        #expect(MessageProbe.fault(#"["REQ","\#(huge)",{}]"#) == .notice("invalid: \(Self.lengthText)"))
    }

    @Test func `an empty id is refused`() {
        let expected = ClientMessageError.subscription(SubscriptionID(""), Refusal(.invalid, Self.lengthText))
        for text in [#"["REQ","",{}]"#, #"["COUNT","",{}]"#, #"["CLOSE",""]"#] {
            #expect(MessageProbe.requestFault(text) == expected)
        }
    }

    @Test(arguments: ["null", "1", "-1.5", "true", "[]", "{}", #"["a"]"#, #"{"a":1}"#])
    func `an id that is no string is refused`(_ value: String) {
        let expected = ClientMessageError.notice("invalid: a subscription id is a string")
        for verb in ["REQ", "COUNT"] { #expect(MessageProbe.fault(#"["\#(verb)",\#(value),{}]"#) == expected) }
    }

    @Test func `ids are the same where they stand for the same text`() {
        let written = [#"aé/\n"#, #"\u0061\u00e9\/\u000a"#, #"a\u00E9/\u000A"#]
        let ids = written.map { text -> SubscriptionID? in
            guard case .close(let id) = try? MessageProbe.read(#"["CLOSE","\#(text)"]"#) else { return nil }
            return id
        }
        #expect(Set(ids) == [SubscriptionID("aé/\n")])
        #expect(ids[0]?.canonical == Array(#"aé/\n"#.utf8))
        #expect(SubscriptionID("é") != SubscriptionID("e\u{301}"))
    }

    @Test func `the bound on characters is the one that is given`() {
        let bounds = MessageBounds(subscriptionIDCharacters: 3)
        #expect(MessageProbe.request(#"["REQ","abc",{}]"#, bounds: bounds)?.id == "abc")
        let text = "a subscription id has 1 to 3 characters"
        let expected = ClientMessageError.subscription(SubscriptionID("abcd"), Refusal(.invalid, text))
        #expect(MessageProbe.fault(#"["REQ","abcd",{}]"#, bounds: bounds) == expected)
    }
}
