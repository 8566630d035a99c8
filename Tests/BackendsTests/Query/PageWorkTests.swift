import Nostr
import Testing

@testable import Backends

/// A page is a short piece of work, whatever is asked and however little of it there is.
@Suite struct PageWorkTests {
    private static let bounds = PageBounds(rows: 500)

    @Test(arguments: Backend.allCases)
    func `a page that finds nothing ends all the same, and the next one goes on behind it`(backend: Backend) throws {
        let store = try TestStore(backend)
        let crowd = (0..<10_000).map { Event.sample(at: Int64(1_000 + $0 / 7), tags: [["t", "x"]], content: "\($0)") }
        let rare = (0..<3).map { Event.sample(kind: 2, at: Int64(1_000 + 700 * $0), tags: [["t", "x"]]) }
        try store.storeAll(crowd + rare)
        for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
            for others in [[], [Filter.sample(ids: [crowd[77].id, crowd[9_000].id])]] {
                let filters = [.sample(kinds: [2, 3], tags: ["t": ["x", "y"]])] + others
                let pages = try store.reader.pages(of: .of(filters, direction: direction), bounds: Self.bounds)
                #expect(pages.count >= 3)
                let expected = QueryModel(crowd + rare).answer(filters, direction: direction)
                #expect(pages.flatMap(\.ids) == expected)
            }
            let none = StoredQuery.of([.sample(kinds: [3], tags: ["t": ["x"]])], direction: direction)
            let pages = try store.reader.pages(of: none, bounds: Self.bounds)
            #expect(pages.count >= 3 && pages.allSatisfy { $0.count == 0 })
        }
    }

    @Test(arguments: Backend.allCases)
    func `a flood after the snapshot is passed over page by page`(backend: Backend) throws {
        let store = try TestStore(backend)
        let early = (0..<6).map {
            Event.sample(at: $0 < 5 ? Int64(1_000 + $0) : 1, tags: [["t", "x"]], content: "\($0)")
        }
        try store.storeAll(early)
        // Of so many values, each is fetched a few entries at a time.
        let filter = Filter.sample(tags: ["t": (0..<300).map { "v\($0)" } + ["x"]])
        let (first, rest) = try store.reader.nextPage(of: .of([filter]), bounds: PageBounds(events: 1))
        try store.storeAll((0..<10_000).map { .sample(at: 500, tags: [["t", "x"]], content: "late \($0)") })
        let pages = try store.reader.pages(of: rest, bounds: Self.bounds)
        #expect(pages.count >= 3)
        #expect(first.ids + pages.flatMap(\.ids) == QueryModel(early).answer([filter]))
    }

    @Test(arguments: Backend.allCases)
    func `a filter of many values is taken up over several pages`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<40).map { Event.sample(by: .sample($0), kind: 7, at: Int64($0), tags: [["t", "\($0)"]]) }
        try store.storeAll(events)
        let authors = (0..<2_000).map { PublicKey.sample($0) }
        let shapes: [Filter] = [
            .sample(authors: authors), .sample(authors: authors, kinds: [1, 7]),
            .sample(tags: ["t": (0..<2_000).map { "\($0)" }]),
            .sample(kinds: (0..<2_000).map { Kind(UInt16($0)) }),
        ]
        for filter in shapes {
            let pages = try store.reader.pages(of: .of([filter]), bounds: Self.bounds)
            #expect(pages.count > 3 || filter.authors != nil, "authors are many, and few events are scanned for theirs")
            #expect(pages.flatMap(\.ids) == events.reversed().map(\.id))
            let limited = try store.reader.ids(
                answering: StoredQuery([filter], limit: (3, 3), readership: .operator, now: 0),
                bounds: Self.bounds
            )
            #expect(limited == events.reversed().prefix(3).map(\.id))
        }
    }

    @Test(arguments: Backend.allCases)
    func `many authors times many kinds are no more work than what the authors have written`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<100).map { Event.sample(by: .sample($0), kind: Kind(UInt16(1_000 + $0)), at: Int64($0)) }
        try store.storeAll(events)
        let filter = Filter.sample(
            authors: (0..<1_000).map { .sample($0) },
            kinds: (1_000..<9_000).map { Kind(UInt16($0)) }
        )
        let pages = try store.reader.pages(of: .of([filter]))
        #expect(pages.count == 1)
        #expect(pages.flatMap(\.ids) == events.reversed().map(\.id))
    }

    @Test(arguments: Backend.allCases)
    func `large events that are read and not shown end a page sooner`(backend: Backend) throws {
        let store = try TestStore(backend)
        let text = String(repeating: "x", count: 100_000)
        try store.storeAll((0..<60).map { .sample(kind: 4, at: Int64($0), content: text) })
        let stranger = StoredQuery([Filter()], readership: Readership(privateKinds: [4]), now: 0)
        let pages = try store.reader.pages(of: stranger, bounds: Self.bounds)
        #expect(pages.count >= 3 && pages.allSatisfy { $0.count == 0 })
    }

    @Test(arguments: Backend.allCases)
    func `an author of very many kinds costs no stream for each of them`(backend: Backend) throws {
        let store = try TestStore(backend)
        let busy = (0..<1_500).map { Event.sample(by: .sample(1), kind: Kind(UInt16(40_000 + $0)), at: Int64($0 / 3)) }
        let others = (0..<200).map { Event.sample(by: .sample(2), kind: 40_000, at: Int64($0)) }
        try store.storeAll(busy + others)
        let kinds = (0..<1_200).map { Kind(UInt16(40_000 + $0)) }
        let filters: [Filter] = [
            .sample(authors: [.sample(1)]), .sample(authors: [.sample(1), .sample(2)], kinds: kinds),
            .sample(authors: [.sample(1)], kinds: Array(kinds.prefix(20))),
        ]
        for filter in filters {
            let (page, rest) = try store.reader.nextPage(
                of: .of([filter]),
                bounds: PageBounds(events: 10, rows: 50_000)
            )
            #expect(rest.cursors[0].streams.count <= 20)
            let pages = try store.reader.pages(of: rest, bounds: PageBounds(rows: 500))
            #expect(page.ids + pages.flatMap(\.ids) == QueryModel(busy + others).answer([filter]))
        }
    }
}
