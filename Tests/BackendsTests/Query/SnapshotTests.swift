import Nostr
import Testing

@testable import Backends

/// All pages of an answer show what was committed when the first one was read.
@Suite struct SnapshotTests {
    /// A filter for the value x whose streams are fetched a few entries at a time, because it has so many values.
    private static let inSmallFetches = Filter.sample(tags: ["t": (0..<300).map { "\($0)" } + ["x"]])

    @Test(arguments: Backend.allCases)
    func `what is saved between two pages is not shown, wherever it would stand`(backend: Backend) throws {
        let events = (0..<100).map { Event.sample(at: Int64(10 * $0), tags: [["t", "x"]]) }
        for filter in [Self.inSmallFetches, .sample(until: 10_000, limit: 100), .sample(kinds: [1, 2])] {
            for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
                let store = try TestStore(backend)
                let stored = try store.commitAll(events)
                var query = StoredQuery.of([filter], direction: direction)
                var shown: [EventID] = []
                var page = EventPage()
                var late: [CommitPosition] = []
                var snapshot: Snapshot?
                while !page.isLast {
                    (page, query) = try store.reader.nextPage(of: query, bounds: PageBounds(events: 4))
                    shown += page.ids
                    snapshot = snapshot ?? query.snapshot
                    #expect(query.snapshot == snapshot)
                    late += try store.commitAll(
                        (0..<20).map { number in
                            .sample(at: Int64(50 * number + 5), tags: [["t", "x"]], content: "\(late.count) \(number)")
                        }
                    )
                }
                let first = try #require(snapshot)
                #expect(stored.allSatisfy { first.includes($0.transaction) })
                #expect(late.allSatisfy { !first.includes($0.transaction) })
                #expect(shown == QueryModel(events).answer([Filter()], direction: direction))
                #expect(try store.allIDs().count == 100 + late.count)
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `a filter that a later page takes up shows the state of the first`(backend: Backend) throws {
        let store = try TestStore(backend)
        let early = (0..<3).map { Event.sample(by: .sample(9), at: Int64($0)) }
        let late = (3..<6).map { Event.sample(by: .sample(9), at: Int64($0)) }
        try store.storeAll(early)
        let strangers = Filter.sample(authors: (100..<2_000).map { .sample($0) })
        for filter in [.sample(ids: (early + late).map(\.id)), .sample(authors: [.sample(9)])] as [Filter] {
            let query = StoredQuery.of([strangers, filter])
            let (first, rest) = try store.reader.nextPage(of: query, bounds: PageBounds(rows: 100))
            try #require(first.count == 0 && !first.isLast)
            let positions = try store.storeAll(late)
            #expect(try store.reader.ids(answering: rest) == early.reversed().map(\.id))
            #expect(try store.writer.remove(positions: positions) == 3)
        }
    }

    @Test(arguments: Backend.allCases)
    func `what is removed between two pages is not shown any more, and nothing is lost or doubled`(
        backend: Backend
    ) throws {
        let store = try TestStore(backend)
        let events = (0..<40).map { Event.sample(at: Int64($0), tags: [["t", "x"]]) }
        let positions = try store.storeAll(events)
        let shapes: [Filter] = [.sample(kinds: [1]), Self.inSmallFetches, .sample(ids: events.map(\.id))]
        var removed: Set<EventID> = []
        for (number, filter) in shapes.enumerated() {
            let before = events.reversed().map(\.id).filter { !removed.contains($0) }
            let (first, rest) = try store.reader.nextPage(of: .of([filter]), bounds: PageBounds(events: 5))
            let victims = [number * 2, 10 + number, 39 - number]
            #expect(try store.writer.remove(positions: victims.map { positions[$0] }) == 3)
            removed.formUnion(victims.map { events[$0].id })
            let others = try store.reader.ids(answering: rest, bounds: PageBounds(events: 5))
            #expect(first.ids == Array(before.prefix(5)))
            #expect(others == before.dropFirst(5).filter { !removed.contains($0) })
        }
    }

    @Test(arguments: Backend.allCases)
    func `of an address that is replaced between two pages no version is doubled`(backend: Backend) throws {
        let store = try TestStore(backend)
        let profiles = (0..<20).map { Event.sample(by: .sample($0), kind: 0, at: Int64(100 + $0)) }
        try store.storeAll(profiles)
        let (first, rest) = try store.reader.nextPage(of: .of([.sample(kinds: [0])]), bounds: PageBounds(events: 5))
        #expect(first.ids == profiles[15...].reversed().map(\.id))
        // One that was shown already, one that is to come, one that moves into what is to come.
        try store.storeAll([
            .sample(by: .sample(19), kind: 0, at: 200), .sample(by: .sample(3), kind: 0, at: 104),
            .sample(by: .sample(7), kind: 0, at: 300),
        ])
        let others = try store.reader.ids(answering: rest)
        #expect(others == profiles[..<15].reversed().map(\.id).filter { $0 != profiles[3].id && $0 != profiles[7].id })
    }

    @Test(arguments: Backend.allCases)
    func `the first page fixes the snapshot, also of an empty store`(backend: Backend) throws {
        let store = try TestStore(backend)
        #expect(StoredQuery.everything().snapshot == nil)
        let (empty, query) = try store.reader.nextPage(of: .everything(), bounds: PageBounds())
        let nothing = try #require(query.snapshot)
        #expect(empty.isLast)
        let stored = try store.commitAll([.sample(content: "a"), .sample(content: "b")])
        let (page, later) = try store.reader.nextPage(of: .everything(), bounds: PageBounds(events: 1))
        let both = try #require(later.snapshot)
        #expect(page.count == 1 && !page.isLast)
        #expect(stored.allSatisfy { both.includes($0.transaction) && !nothing.includes($0.transaction) })
        #expect(try store.reader.ids(answering: query).isEmpty)
    }
}
