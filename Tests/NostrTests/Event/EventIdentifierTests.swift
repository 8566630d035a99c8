import Testing

@testable import Nostr

/// The `d` tag (NIP-01): the first one counts, and a missing one equals an empty one.
@Suite struct EventIdentifierTests {
    @Test(arguments: [
        ("[]", ""), (#"[["d"]]"#, ""), (#"[["d",""]]"#, ""), (#"[["d","x"]]"#, "x"), (#"[["d","x","y"]]"#, "x"),
        (#"[["e","1"],["d","x"]]"#, "x"), (#"[["d","x"],["d","y"]]"#, "x"), (#"[["d"],["d","y"]]"#, ""),
        (#"[["d",""],["d","y"]]"#, ""), (#"[["D","x"]]"#, ""), (#"[["dd","x"]]"#, ""), (#"[["","d"]]"#, ""),
        (#"[["e","d"],["t","d","d"]]"#, ""), (#"[["e","d","x"],["d","y"]]"#, "y"), (#"[["\"d","x"],["d","]"]]"#, "]"),
        (#"[["x","\"],[\"d\",\"z\"]"],["d","y"]]"#, "y"), (#"[["d","[\",\"]"]]"#, #"[\",\"]"#),
        (#"[["d","é\u0001\n"]]"#, #"é\u0001\n"#),
    ])
    func `the identifier is the canonical value of the first d tag`(_ tags: String, _ identifier: String) throws {
        let event = try EventText(kind: 30_000, tags: tags).parsed()
        #expect(String(decoding: event.canonicalIdentifier, as: UTF8.self) == identifier)
        #expect(event.address?.identifier == Array(identifier.utf8))
    }

    @Test func `a d tag whose name is written with an escape is a d tag`() throws {
        let expected = EventText(kind: 30_000, tags: #"[["d","x"]]"#)
        let event = try expected.with("tags", #"[ [ "\u0064" , "\u0078" ] ]"#).parsed()
        #expect(event.canonicalIdentifier == Array("x".utf8))
    }

    @Test func `the identifier of a replaceable event is empty, whatever its d tag says`() throws {
        for kind in [0, 3, 10_000, 19_999] {
            let address = try EventText(kind: kind, tags: #"[["d","x"]]"#).parsed().address
            #expect(address?.kind == Kind(UInt16(kind)))
            #expect(address?.identifier == [])
        }
    }

    @Test(arguments: [1, 2, 5, 1_000, 9_999, 20_000, 29_999, 40_000, 65_535])
    func `an event that nothing replaces has no address`(_ kind: Int) throws {
        #expect(try EventText(kind: kind, tags: #"[["d","x"]]"#).parsed().address == nil)
    }

    @Test func `the later event wins, and of equals the lower id`() throws {
        let event = try Event.sample(kind: 30_000, createdAt: 100)
        let words = event.id.bytes
        let lower = EventID(Bytes32(words.a, words.b, words.c, words.d &- 1))
        let higher = EventID(Bytes32(words.a, words.b, words.c, words.d &+ 1))
        #expect(event.replaces(createdAt: 99, id: lower))
        #expect(event.replaces(createdAt: 99, id: higher))
        #expect(!event.replaces(createdAt: 101, id: lower))
        #expect(!event.replaces(createdAt: 101, id: higher))
        #expect(!event.replaces(createdAt: 100, id: lower))
        #expect(event.replaces(createdAt: 100, id: higher))
        #expect(!event.replaces(createdAt: 100, id: event.id))
    }
}
