import Nostr
import Testing

@testable import Backends

/// NIP-01: several filters are a union, and each has its own limit.
@Suite struct UnionTests {
    private static let notes = (0..<10).map { Event.sample(at: Int64($0), tags: [["t", "x"]], content: "\($0)") }
    private static let likes = (0..<10).map { Event.sample(kind: 7, at: Int64($0), content: "\($0)") }

    private static func store(_ backend: Backend) throws -> TestStore {
        let store = try TestStore(backend)
        try store.storeAll(Self.notes + Self.likes)
        return store
    }

    @Test(arguments: Backend.allCases)
    func `an event that several filters match is given once`(backend: Backend) throws {
        let store = try Self.store(backend)
        let notes = Array(Self.notes.map(\.id).reversed())
        #expect(try store.reader.ids(.sample(kinds: [1]), .sample(kinds: [1])) == notes)
        #expect(try store.reader.ids(.sample(kinds: [1]), .sample(tags: ["t": ["x"]]), .sample(ids: notes)) == notes)
        #expect(try store.reader.ids(Filter(), .sample(kinds: [7])).count == 20)
    }

    @Test(arguments: Backend.allCases)
    func `each filter has its own limit, and an event counts for every filter that it matches`(backend: Backend) throws
    {
        let store = try Self.store(backend)
        let notes = Array(Self.notes.map(\.id).reversed())
        let likes = Array(Self.likes.map(\.id).reversed())
        let both = try store.reader.ids(.sample(kinds: [1], limit: 2), .sample(kinds: [7], limit: 1))
        #expect(Set(both) == Set(notes.prefix(2) + likes.prefix(1)))
        let nested = try store.reader.ids(.sample(kinds: [1], limit: 2), .sample(tags: ["t": ["x"]], limit: 3))
        #expect(nested == Array(notes.prefix(3)))
        let apart = try store.reader.ids(.sample(kinds: [1], limit: 2), .sample(kinds: [1], until: 4, limit: 2))
        #expect(apart == Array(notes[0..<2] + notes[5..<7]))
        #expect(
            try store.reader.ids(.sample(kinds: [1], limit: 0), .sample(kinds: [7], limit: 3)) == Array(likes.prefix(3))
        )
    }

    @Test(arguments: Backend.allCases)
    func `the default limit is for filters that ask for none, the maximum for all`(backend: Backend) throws {
        let store = try Self.store(backend)
        let notes = Array(Self.notes.map(\.id).reversed())
        for (asked, expected) in [(nil, 3), (0, 0), (1, 1), (4, 4), (7, 5), (.max, 5)] as [(Int?, Int)] {
            let filter = Filter.sample(kinds: [1], limit: asked)
            let query = StoredQuery([filter], limit: (default: 3, maximum: 5), readership: .operator, now: 0)
            #expect(try store.reader.ids(answering: query) == Array(notes.prefix(expected)))
        }
        let query = StoredQuery([.sample(kinds: [1])], limit: (default: 9, maximum: 5), readership: .operator, now: 0)
        #expect(try store.reader.ids(answering: query).count == 5)
    }

    @Test(arguments: Backend.allCases)
    func `a filter that cannot match does not disturb the others`(backend: Backend) throws {
        let store = try Self.store(backend)
        let notes = Array(Self.notes.map(\.id).reversed())
        #expect(try store.reader.ids(.sample(authors: []), .sample(kinds: [1]), .sample(since: 2, until: 1)) == notes)
        #expect(
            try store.reader.ids(.sample(ids: [.absent(1)]), .sample(kinds: [1], limit: 2)) == Array(notes.prefix(2))
        )
    }

    @Test(arguments: Backend.allCases)
    func `a filter of very many values is answered like any other`(backend: Backend) throws {
        let store = try Self.store(backend)
        let strangers = (100..<1_100).map { PublicKey.sample($0) }
        let kinds = (0..<2_000).map { Kind(UInt16($0)) }
        let likes = Array(Self.likes.map(\.id).reversed())
        let filters: [Filter] = [
            .sample(authors: strangers + [.sample(0)], kinds: [7]),
            .sample(authors: [.sample(0)], kinds: Array(kinds[2...])),
            .sample(kinds: Array(kinds[2...])), .sample(ids: likes + (0..<1_000).map { .absent($0) }),
        ]
        for filter in filters { #expect(try store.reader.ids(filter) == likes) }
        let notes = Array(Self.notes.map(\.id).reversed())
        let values = (0..<2_000).map { "v\($0)" } + ["x"]
        #expect(try store.reader.ids(.sample(tags: ["t": values], limit: 4)) == Array(notes.prefix(4)))
    }
}
