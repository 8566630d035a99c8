import Nostr
import Testing

@testable import Backends

/// One example of every shape of filter, over a handful of events.
@Suite struct FilterShapeTests {
    private static let alice = PublicKey.sample(1)
    private static let bob = PublicKey.sample(2)
    private static let events: [Event] = [
        .sample(by: alice, kind: 1, at: 10, tags: [["t", "x"], ["p", bob.hex]]),
        .sample(by: alice, kind: 7, at: 20, tags: [["t", "y"]]),
        .sample(by: bob, kind: 1, at: 30, tags: [["t", "x"], ["t", "y"]]),
        .sample(by: bob, kind: 30_023, at: 40, tags: [["d", "x"], ["T", "x"]]),
        .sample(by: alice, kind: 0, at: 50),
    ]

    /// Filters with the seconds of the events that they match, newest first.
    private static let cases: [(Filter, [Int64])] = [
        (.sample(), [50, 40, 30, 20, 10]),
        (.sample(ids: [events[1].id, events[3].id, .absent(1)]), [40, 20]),
        (.sample(ids: [.absent(1)]), []),
        (.sample(authors: [alice]), [50, 20, 10]),
        (.sample(authors: [alice, bob]), [50, 40, 30, 20, 10]),
        (.sample(authors: [.sample(9)]), []),
        (.sample(authors: [.sample(9), bob]), [40, 30]),
        (.sample(kinds: [1]), [30, 10]),
        (.sample(kinds: [65_535, 30_023, 0]), [50, 40]),
        (.sample(kinds: [2]), []),
        (.sample(authors: [alice], kinds: [1, 0]), [50, 10]),
        (.sample(authors: [bob], kinds: [7]), []),
        (.sample(tags: ["t": ["x"]]), [30, 10]),
        (.sample(tags: ["t": ["x", "y"]]), [30, 20, 10]),
        (.sample(tags: ["T": ["x"]]), [40]),
        (.sample(tags: ["d": ["x"]]), [40]),
        (.sample(tags: ["t": ["X", "z", ""]]), []),
        (.sample(tags: ["q": ["x"]]), []),
        (.sample(tags: ["t": ["x"], "p": [bob.hex]]), [10]),
        (.sample(tags: ["t": ["y"], "T": ["x"]]), []),
        (.sample(kinds: [1], tags: ["t": ["y"]]), [30]),
        (.sample(authors: [alice], tags: ["t": ["x", "y"]]), [20, 10]),
        (.sample(authors: [bob], kinds: [1], tags: ["t": ["x"]]), [30]),
        (.sample(authors: [alice], kinds: [0], tags: ["t": ["x"]]), []),
        (.sample(since: 30), [50, 40, 30]),
        (.sample(until: 30), [30, 20, 10]),
        (.sample(since: 20, until: 40), [40, 30, 20]),
        (.sample(since: 30, until: 30), [30]),
        (.sample(since: 31, until: 39), []),
        (.sample(kinds: [1], since: 11), [30]),
        (.sample(authors: [alice], until: 49), [20, 10]),
        (.sample(authors: [alice], kinds: [7, 1], since: 20, until: 20), [20]),
        (.sample(tags: ["t": ["x"]], until: 29), [10]),
        (.sample(ids: [events[0].id, events[4].id], since: 11), [50]),
        (.sample(ids: [events[0].id, events[4].id], authors: [bob]), []),
        (.sample(ids: events.map(\.id), kinds: [1, 7], tags: ["t": ["y"]]), [30, 20]),
        (.sample(ids: events.map(\.id), limit: 2), [50, 40]),
        (.sample(limit: 1), [50]),
        (.sample(kinds: [1], limit: 1), [30]),
        (.sample(authors: [alice, bob], limit: 3), [50, 40, 30]),
        (.sample(tags: ["t": ["x", "y"]], limit: 2), [30, 20]),
        (.sample(limit: 0), []),
        (.sample(ids: []), []),
        (.sample(authors: []), []),
        (.sample(kinds: []), []),
        (.sample(tags: ["t": []]), []),
        (.sample(tags: ["t": ["x"], "p": []]), []),
        (.sample(since: 31, until: 30), []),
    ]

    @Test(arguments: Backend.allCases)
    func `every shape of filter finds what it asks for`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll(Self.events)
        let model = QueryModel(Self.events)
        let seconds = Dictionary(uniqueKeysWithValues: Self.events.map { ($0.id, $0.createdAt) })
        for (filter, expected) in Self.cases {
            #expect(try store.reader.ids(filter).map { seconds[$0] } == expected, "\(filter)")
            #expect(model.answer([filter]).map { seconds[$0] } == expected, "\(filter)")
        }
    }

    @Test(arguments: Backend.allCases)
    func `an empty store answers every filter with nothing, in one page`(backend: Backend) throws {
        let store = try TestStore(backend)
        for (filter, _) in Self.cases {
            let pages = try store.reader.pages(of: .of([filter]))
            #expect(pages.count == 1 && pages[0].isLast && pages[0].ids.isEmpty, "\(filter)")
        }
    }

    @Test func `a query that cannot have an answer says so before it is asked`() {
        let hopeless: [Filter] = [
            .sample(limit: 0), .sample(ids: []), .sample(authors: []), .sample(kinds: []), .sample(tags: ["t": []]),
            .sample(since: 2, until: 1),
        ]
        for filter in hopeless { #expect(StoredQuery.of([filter]).isEmpty, "\(filter)") }
        #expect(StoredQuery.of(hopeless).isEmpty)
        #expect(StoredQuery.of([]).isEmpty)
        #expect(!StoredQuery.of([hopeless[0], Filter()]).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `values that a filter names twice count once`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll(Self.events)
        let ids = Self.events.map(\.id)
        let filters: [Filter] = [
            .sample(ids: ids + ids), .sample(authors: [Self.alice, Self.bob, Self.alice]),
            .sample(kinds: [1, 1, 0, 7, 1, 30_023]), .sample(tags: ["t": ["x", "x", "y"]]),
            .sample(authors: [Self.bob, Self.bob], kinds: [1, 1], tags: ["t": ["y", "y"]]),
        ]
        for filter in filters {
            let answer = try store.reader.ids(filter)
            #expect(answer == QueryModel(Self.events).answer([filter]))
            var limited = filter
            limited.limit = 2
            #expect(try store.reader.ids(limited) == Array(answer.prefix(2)))
        }
    }
}
