import Nostr
import Testing

@testable import Backends

/// NIP-09, by `a` tags.
@Suite struct AddressDeletionTests {
    private static func article(_ second: Int64, _ identifier: String = "x", by author: Int = 0) -> Event {
        .sample(by: .sample(author), kind: 30_023, at: second, tags: [["d", identifier]])
    }

    private static func request(_ second: Int64, of identifier: String = "x", by author: Int = 0) -> Event {
        .deletion(by: .sample(author), at: second, addresses: ["30023:\(PublicKey.sample(0)):\(identifier)"])
    }

    @Test(arguments: Backend.allCases)
    func `versions up to the request's second go, and none that is newer`(backend: Backend) throws {
        for (second, isDeleted) in [(9, true), (10, true), (11, false)] as [(Int64, Bool)] {
            let store = try TestStore(backend)
            let article = Self.article(second)
            try store.save(article)
            let result = try store.writer.save([Self.request(10)])
            #expect(result.removed.map(\.id) == (isDeleted ? [article.id] : []))
            #expect(try store.reader.ids(.sample(kinds: [30_023])) == (isDeleted ? [] : [article.id]))
            #expect(try store.save(article) == (isDeleted ? [.deleted] : [.duplicate]))
        }
    }

    @Test(arguments: Backend.allCases)
    func `versions up to the request's second are refused afterwards, and newer ones are not`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(Self.request(10))
        #expect(try store.save(Self.article(9), Self.article(10)) == [.deleted, .deleted])
        #expect(try store.save(Self.article(11)).map(\.plain) == [.stored])
        #expect(try store.save(Self.article(10), Self.article(9)) == [.deleted, .deleted])
        #expect(try store.reader.ids(.sample(kinds: [30_023])) == [Self.article(11).id])
        try store.reopen()
        #expect(try store.save(Self.article(10), Self.article(12)).map(\.plain) == [.deleted, .stored])
    }

    @Test(arguments: Backend.allCases)
    func `of two requests the later second counts, in both orders`(backend: Backend) throws {
        for seconds in [[10, 20], [20, 10]] as [[Int64]] {
            let store = try TestStore(backend)
            for second in seconds { try store.save(Self.request(second)) }
            #expect(
                try store.save(Self.article(15), Self.article(20), Self.article(21)).map(\.plain) == [
                    .deleted, .deleted, .stored,
                ]
            )
        }
    }

    @Test(arguments: Backend.allCases)
    func `only the key in the address may delete it`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(Self.article(5), Self.request(10, by: 1))
        #expect(try store.reader.ids(.sample(kinds: [30_023])) == [Self.article(5).id])
        #expect(try store.save(Self.article(6)).map(\.plain) == [.stored])
        #expect(try store.save(Self.article(5, by: 1)).map(\.plain) == [.stored])
    }

    @Test(arguments: Backend.allCases)
    func `other identifiers, kinds and authors are left alone`(backend: Backend) throws {
        let store = try TestStore(backend)
        let others = [
            Self.article(5, "y"), Self.article(5, "X"), Self.article(5, ""), Self.article(5, by: 1),
            .sample(kind: 30_024, at: 5, tags: [["d", "x"]]), .sample(kind: 1, at: 5, tags: [["d", "x"]]),
        ]
        try store.storeAll(others + [Self.article(5)])
        #expect(try store.writer.save([Self.request(10)]).removed.map(\.id) == [Self.article(5).id])
        #expect(Set(try store.reader.ids(.sample(until: 5))) == Set(others.map(\.id)))
    }

    @Test(arguments: Backend.allCases)
    func `an identifier may hold colons, quotes and NUL, or nothing`(backend: Backend) throws {
        for identifier in ["", "a:b:c", "\"", "\0", "é", String(repeating: "x", count: 20_000)] {
            let store = try TestStore(backend)
            try store.save(Self.article(5, identifier))
            #expect(try store.writer.save([Self.request(10, of: identifier)]).removed.count == 1)
            #expect(try store.save(Self.article(6, identifier)) == [.deleted])
        }
    }

    @Test(arguments: Backend.allCases)
    func `a replaceable kind is deleted by its address with an empty identifier`(backend: Backend) throws {
        let store = try TestStore(backend)
        let profile = Event.sample(kind: 0, at: 5)
        try store.save(profile)
        try store.save(.deletion(at: 10, addresses: ["0:\(profile.pubkey):x", "0:\(profile.pubkey)"]))
        #expect(try store.reader.ids(.sample(kinds: [0])) == [profile.id])
        try store.save(.deletion(at: 11, addresses: ["0:\(profile.pubkey):"]))
        #expect(try store.reader.ids(.sample(kinds: [0])).isEmpty)
        let later = Event.sample(kind: 0, at: 12)
        #expect(try store.save(profile, .sample(kind: 0, at: 11), later).map(\.plain) == [.deleted, .deleted, .stored])
    }

    @Test(arguments: Backend.allCases)
    func `one request may name ids and addresses`(backend: Backend) throws {
        let store = try TestStore(backend)
        let note = Event.sample(at: 5)
        try store.save(note, Self.article(5), Self.article(6, "y"))
        let tags = [
            ["e", note.id.hex], ["a", "30023:\(note.pubkey):x"], ["a", "30023:\(note.pubkey):y", "wss://relay"],
        ]
        let removed = try store.writer.save([.sample(kind: .deletion, at: 10, tags: tags)]).removed
        #expect(removed.map(\.id) == [note.id, Self.article(5).id, Self.article(6, "y").id])
    }
}
