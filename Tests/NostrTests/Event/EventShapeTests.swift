import Testing

@testable import Nostr

/// The seven fields: which there must be, how often, in which order (NIP-01).
@Suite struct EventShapeTests {
    private static let valid = EventText(kind: 1, tags: #"[["e","x"],["t"]]"#, content: #""a \"b\" c""#)

    @Test func `an event reads as its fields say`() throws {
        let event = try Self.valid.parsed()
        #expect(event.id.hex == Self.valid.id)
        #expect(event.pubkey.hex == EventText.pubkey)
        #expect(event.createdAt == 1_700_000_000)
        #expect(event.kind == Kind(1))
        #expect(event.tags == [["e", "x"], ["t"]])
        #expect(event.content == #"a "b" c"#)
        #expect(event.signature.array == [UInt8](repeating: 0x0A, count: 64))
        #expect(event.text == Self.valid.json)
    }

    @Test(arguments: ["pubkey", "created_at", "kind", "tags", "content", "sig"])
    func `an event without one of its fields is refused, and the answer can name it`(_ name: String) {
        let fault = Self.valid.with(name, nil).fault
        #expect(fault == EventError(claimedID: Array(Self.valid.id.utf8), text: "the event has no \(name)"))
    }

    @Test func `an event without an id is refused, and there is nothing to name it by`() {
        #expect(Self.valid.with("id", nil).fault == EventError(claimedID: nil, text: "the event has no id"))
        #expect(Event.fault(in: "{}") == EventError(claimedID: nil, text: "the event has no id"))
    }

    @Test func `the order of the fields does not matter`() throws {
        for order in Self.permutations(of: Self.valid.fields) {
            var text = Self.valid
            text.fields = order
            try #require(try text.parsed().text == Self.valid.json)
        }
    }

    @Test(arguments: [
        "null", "0", "-1.5e9", "true", #""text""#, "[]", "{}", #"[[["deep",{"er":[null]}]]]"#, #"{"id":"x","kind":-1}"#,
    ])
    func `an unknown field of any kind is passed over and dropped`(_ value: String) throws {
        for index in 0...7 {
            for name in ["ID", "Id", "id ", "", "seen_on", "kınd", #"\u0000id"#, #"i\td"#] {
                var text = Self.valid
                text.fields.insert((name, value), at: index)
                #expect(try text.parsed().text == Self.valid.json)
            }
        }
    }

    @Test func `a field's name may be written with escapes`() throws {
        let names = [
            "id": #"\u0069\u0064"#, "pubkey": #"p\u0075bkey"#, "created_at": #"created\u005fat"#, "kind": #"kin\u0064"#,
            "tags": #"\u0074\u0061\u0067\u0073"#, "content": #"\u0063ontent"#, "sig": #"s\u0069\u0067"#,
        ]
        var text = Self.valid
        text.fields = text.fields.map { (names[$0.name] ?? $0.name, $0.value) }
        #expect(try text.parsed().text == Self.valid.json)
    }

    @Test func `of a field that stands there twice, the last counts`() throws {
        let others = [
            "id": "\"\(String(repeating: "a", count: 64))\"", "pubkey": "\"\(String(repeating: "b", count: 64))\"",
            "created_at": "5", "kind": "7", "tags": #"[["d","other"]]"#, "content": #""other""#,
            "sig": "\"\(String(repeating: "c", count: 128))\"",
        ]
        for (name, value) in others {
            var first = Self.valid
            first.fields.insert((name, value), at: 0)
            #expect(try first.parsed().text == Self.valid.json)
            var last = Self.valid
            last.fields.append((name, value))
            if name == "sig" {
                #expect(try last.parsed().signature.array == [UInt8](repeating: 0xCC, count: 64))
            } else {
                #expect(last.fault?.text == "id is not the hash of the event")
            }
        }
    }

    @Test func `a malformed field is a fault even where the same field stands there again`() {
        var text = Self.valid
        text.fields.insert(("kind", "1.5"), at: 0)
        #expect(text.fault?.text == "kind is not a whole number from 0 to 65535")
    }

    @Test(arguments: ["[]", "null", "1", #""{}""#, "true", "[{}]"])
    func `what is no object is no event`(_ text: String) {
        #expect(Event.fault(in: text)?.claimedID == nil)
        #expect(Event.fault(in: text)?.text == "expected an object at byte 0")
        #expect(Event.fault(in: text)?.isMalformedJSON == true)
    }

    @Test func `nothing may stand beside the object, but white space may`() throws {
        let json = Self.valid.json
        #expect(Event.fault(in: " \n\(json)\r\t ") == nil)
        for text in ["\(json),", "\(json)x", "\(json)\(json)", "[\(json)]", "\u{FEFF}\(json)", "\(json)\0"] {
            #expect(Event.fault(in: text)?.isMalformedJSON == true)
        }
    }

    @Test func `every truncation of an event is refused`() {
        let bytes = Array(Self.valid.json.utf8)
        for count in 0..<bytes.count {
            #expect(Event.fault(in: String(decoding: bytes[0..<count], as: UTF8.self))?.isMalformedJSON == true)
        }
    }

    @Test func `an event in bytes that are not UTF-8 is refused`() {
        let bytes = Array(Self.valid.json.utf8).map { $0 == UInt8(ascii: "c") ? 0xC3 : $0 }
        let expected = EventError(claimedID: nil, text: "the text is not UTF-8", isMalformedJSON: true)
        #expect(throws: expected) { try Event(parsing: bytes.span) }
    }

    private static func permutations<Element>(of elements: [Element]) -> [[Element]] {
        guard elements.count > 1 else { return [elements] }
        return elements.indices.flatMap { index in
            var rest = elements
            let first = rest.remove(at: index)
            return Self.permutations(of: rest).map { [first] + $0 }
        }
    }
}
