import Nostr
import Testing

@testable import Backends

/// NIP-04, NIP-17 and NIP-59: what is private is shown to its parties only, and what is hidden leaves no trace.
@Suite struct ReadershipTests {
    private static let alice = PublicKey.sample(1)
    private static let bob = PublicKey.sample(2)
    private static let carol = PublicKey.sample(3)
    private static let letter = Event.sample(by: alice, kind: 4, at: 10, tags: [["p", bob.hex]])
    private static let wrap = Event.sample(by: .sample(9), kind: 1_059, at: 20, tags: [["t", "x"], ["p", alice.hex]])
    private static let note = Event.sample(by: alice, kind: 1, at: 30, tags: [["p", bob.hex], ["t", "x"]])
    private static let kinds: Set<Kind> = [4, 1_059]

    private static func answer(_ store: TestStore, _ filter: Filter, _ readership: Readership) throws -> [EventID] {
        try store.reader.ids(answering: StoredQuery([filter], readership: readership, now: 0))
    }

    @Test(arguments: Backend.allCases)
    func `private kinds are shown to the author and to those whom a p tag names`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([Self.letter, Self.wrap, Self.note])
        let all = [Self.note.id, Self.wrap.id, Self.letter.id]
        let cases: [(Set<PublicKey>, [EventID])] = [
            ([], [Self.note.id]), ([Self.carol], [Self.note.id]), ([Self.alice], all),
            ([Self.bob], [Self.note.id, Self.letter.id]), ([.sample(9)], [Self.note.id, Self.wrap.id]),
            ([Self.carol, Self.bob, .sample(9)], all),
        ]
        for (keys, expected) in cases {
            #expect(try Self.answer(store, Filter(), Readership(privateKinds: Self.kinds, keys: keys)) == expected)
        }
        #expect(try Self.answer(store, Filter(), .operator) == all)
        #expect(try Self.answer(store, Filter(), Readership(privateKinds: Self.kinds, isOperator: true)) == all)
        #expect(try Self.answer(store, Filter(), Readership(privateKinds: [])) == all)
    }

    @Test(arguments: Backend.allCases)
    func `no shape of filter is a way around`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([Self.letter, Self.wrap])
        let shapes: [Filter] = [
            Filter(), .sample(ids: [Self.letter.id, Self.wrap.id]), .sample(authors: [Self.alice, .sample(9)]),
            .sample(kinds: [4, 1_059]), .sample(authors: [Self.alice], kinds: [4]), .sample(tags: ["t": ["x"]]),
            .sample(tags: ["p": [Self.alice.hex, Self.bob.hex]]), .sample(authors: [.sample(9)], tags: ["t": ["x"]]),
            .sample(since: 0, until: 100, limit: 1),
        ]
        for filter in shapes {
            for keys in [[], [Self.carol]] as [Set<PublicKey>] {
                let stranger = Readership(privateKinds: Self.kinds, keys: keys)
                #expect(try Self.answer(store, filter, stranger).isEmpty)
            }
            #expect(try !Self.answer(store, filter, .operator).isEmpty)
        }
    }

    @Test(arguments: Backend.allCases)
    func `only a p tag with the whole key names a party`(backend: Backend) throws {
        let store = try TestStore(backend)
        let key = Self.bob.hex
        try store.storeAll([
            .sample(kind: 4, tags: [["P", key], ["e", key], ["pp", key], ["p", "x", key], ["p"]], content: key),
            .sample(kind: 4, tags: [["p", String(key.dropLast())], ["p", key.uppercased()], ["p", key + "0"]]),
        ])
        #expect(try Self.answer(store, Filter(), Readership(privateKinds: [4], keys: [Self.bob])).isEmpty)
        let second = Event.sample(kind: 4, tags: [["p", Self.carol.hex], ["x", "y"], ["p", key, "wss://relay"]])
        try store.storeAll([second])
        #expect(try Self.answer(store, Filter(), Readership(privateKinds: [4], keys: [Self.bob])) == [second.id])
    }

    @Test(arguments: Backend.allCases)
    func `limits count what the reader may see`(backend: Backend) throws {
        let store = try TestStore(backend)
        let hidden = (0..<40).map { Event.sample(kind: 4, at: Int64(100 + $0), tags: [["t", "x"]]) }
        let open = (0..<5).map { Event.sample(at: Int64(50 + 20 * $0), tags: [["t", "x"]]) }
        try store.storeAll(hidden + open)
        let expected = open.reversed().prefix(4).map(\.id)
        for filter in [.sample(limit: 4), .sample(kinds: [1, 4], limit: 4), .sample(tags: ["t": ["x"]], limit: 4)]
            as [Filter]
        {
            let query = StoredQuery([filter], readership: Readership(privateKinds: [4]), now: 0)
            #expect(try store.reader.ids(answering: query) == expected)
            #expect(try store.reader.ids(answering: query, bounds: PageBounds(rows: 3)) == expected)
        }
    }
}
