import Nostr
import Testing

@testable import Backends

/// However little a page may look at, the next one goes on behind it, and the pages together are the answer.
@Suite struct PageProgressTests {
    /// Bounds that are used up as soon as a page begins.
    private static var tight: [PageBounds] {
        [
            PageBounds(deadline: .now - .seconds(1)), PageBounds(rows: 1), PageBounds(rows: 0x20, deadline: .now),
            PageBounds(events: 1, bytes: 1, rows: 2, deadline: .now),
        ]
    }

    private static let kinds: [Kind] = [1, 1, 6, 7, 30_023]
    private static let events = (0..<1_200).map { Self.event($0) }

    private static func event(_ number: Int) -> Event {
        .sample(
            by: .sample(number % 60),
            kind: Self.kinds[number % 5],
            at: Int64(1_000 + number / 4),
            tags: [["t", "\(number % 90)"], ["d", "\(number)"]],
            content: "\(number)",
            id: number % 7 == 0 ? "01234567" : ""
        )
    }

    /// Many streams, few, one, and combinations of them.
    private static let shapes: [[Filter]] = {
        let authors = (0..<300).map { PublicKey.sample($0) }
        let tags = Filter.sample(tags: ["t": (0..<400).map { "\($0)" }])
        let feed = Filter.sample(authors: authors, kinds: [1, 6])
        let late = Filter.sample(authors: Array(authors[50...]), kinds: [7, 9], limit: 40)
        let absent = Filter.sample(authors: (500..<900).map { .sample($0) })
        return [
            [Filter()], [.sample(kinds: [1])], [.sample(kinds: (0..<2_000).map { Kind(UInt16($0)) })], [tags], [feed],
            [late], [absent], [.sample(authors: authors)], [.sample(authors: [.sample(3)], kinds: [1])],
            [.sample(ids: Self.events.prefix(500).map(\.id))], [.sample(authors: authors, tags: ["t": ["1", "77"]])],
            [.sample(authors: authors, kinds: (1_000..<4_000).map { Kind(UInt16($0)) })],
            [tags, feed, late, absent, .sample(kinds: [7], limit: 3)],
        ]
    }()

    @Test(arguments: Backend.allCases, [.newestFirst, .oldestFirst] as [StoredQuery.Direction])
    func `pages of hardly any work make up the whole answer in the end`(
        backend: Backend,
        direction: StoredQuery.Direction
    ) throws {
        let store = try TestStore(backend)
        try store.storeAll(Self.events)
        let model = QueryModel(Self.events)
        for (number, filters) in Self.shapes.enumerated() {
            let expected = model.answer(filters, direction: direction)
            for bounds in backend == .sqlite ? Self.tight : Array(Self.tight.prefix(1)) {
                let pages = try store.reader.pages(of: .of(filters, direction: direction), bounds: bounds)
                #expect(pages.flatMap(\.ids) == expected, "shape \(number)")
                // Each page opens a lead, fetches a stream or shows an event.
                #expect(pages.count < 20_000, "shape \(number)")
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `each page of an unlucky scan has got further than the one before`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll(Self.events)
        let queries: [Filter] = [
            .sample(authors: (40..<400).map { .sample($0) }, kinds: [1, 6, 30_024]),
            .sample(authors: (59..<400).map { .sample($0) }),
        ]
        for filter in queries {
            for bounds in Self.tight {
                var query = StoredQuery.of([filter])
                var states: Set<String> = []
                var page = EventPage()
                while !page.isLast {
                    (page, query) = try store.reader.nextPage(of: query, bounds: bounds)
                    #expect(states.insert(Self.state(of: query, page)).inserted)
                    try #require(states.count < 20_000)
                }
            }
        }
    }

    /// What a page has changed of a query; a page that comes to the same state again would come to it for ever.
    private static func state(of query: StoredQuery, _ page: EventPage) -> String {
        let cursors = query.cursors.map { cursor in
            let streams = cursor.streams.map { "\($0.last.map { "\($0)" } ?? "-") \($0.next) \($0.entries.count)" }
            return "\(cursor.plan.driver.name) \(cursor.openLeads) \(cursor.remaining) \(streams)"
        }
        return "\(cursors) \(page.isLast)"
    }
}
