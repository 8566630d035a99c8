import Nostr
import Testing

@testable import Backends

@Suite struct PagingTests {
    private static let filters: [[Filter]] = [
        [Filter()], [.sample(kinds: [1])], [.sample(authors: RandomEvents.authors)],
        [.sample(tags: ["t": ["x", "é"], "p": RandomEvents.authors.map(\.hex)])],
        [.sample(kinds: [1], tags: ["t": RandomEvents.values])], [.sample(authors: [.sample(0)], kinds: [1, 7])],
        [.sample(kinds: [1], limit: 33), .sample(tags: ["r": RandomEvents.values], limit: 21), .sample(limit: 7)],
    ]

    @Test(arguments: Backend.allCases, [20_261_001, 20_261_002] as [UInt64])
    func `however large pages may be, together they are the same answer`(backend: Backend, seed: UInt64) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        _ = try store.writer.save((0..<300).map { _ in random.event() })
        let large = PageBounds(events: .max, bytes: .max, rows: .max)
        for filters in Self.filters {
            for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
                let query = StoredQuery.of(filters, direction: direction)
                let whole = try store.reader.pages(of: query, bounds: large)
                #expect(whole.count == 1)
                for events in [1, 250] {
                    for bytes in [700, 256 << 10] {
                        for rows in backend == .sqlite ? [1, 17, 20_000] : [17, 20_000] {
                            let bounds = PageBounds(events: events, bytes: bytes, rows: rows)
                            let pages = try store.reader.pages(of: query, bounds: bounds)
                            #expect(pages.flatMap(\.ids) == whole[0].ids, "seed \(seed) \(filters) \(bounds)")
                            #expect(pages.flatMap(\.positions) == whole[0].positions)
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `no page holds more events than it may`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<100).map { .sample(at: Int64($0)) })
        for events in [1, 7, 99, 100, 101] {
            let pages = try store.reader.pages(of: .everything(), bounds: PageBounds(events: events))
            #expect(pages.allSatisfy { $0.count <= events })
            #expect(pages.filter { $0.count > 0 }.count == (100 + events - 1) / events)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a page ends with the event that fills its bytes`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<20).map { Event.sample(at: Int64(100 - $0), content: String(repeating: "x", count: 1_000)) }
        try store.storeAll(events)
        let bounds = PageBounds(bytes: 2 * events[0].json.count + 1)
        let pages = try store.reader.pages(of: .everything(), bounds: bounds)
        #expect(pages.filter { $0.count > 0 }.allSatisfy { $0.count == 3 || $0.isLast })
        let large = Event.sample(at: 1_000, content: String(repeating: "x", count: 100_000))
        try store.storeAll([large])
        let page = try store.reader.nextPage(of: .everything(), bounds: PageBounds(bytes: 1)).0
        #expect(page.ids == [large.id])
    }

    @Test(arguments: Backend.allCases)
    func `a page gives each event's text and position by its index`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<3).map { Event.sample(at: Int64($0), content: String(repeating: "x", count: $0)) }
        let positions = try store.storeAll(events)
        let page = try store.reader.nextPage(of: .everything(), bounds: PageBounds()).0
        #expect(page.isLast && page.count == 3)
        #expect(page.positions == positions.reversed())
        for (index, event) in events.reversed().enumerated() {
            #expect(Array(page.bytes[page.range(index)]) == event.json)
            #expect(page.json(index).count == event.json.count)
        }
        #expect(page.ends.last == page.bytes.count)
    }

    @Test(arguments: Backend.allCases)
    func `the answer is complete with the page that holds its last event, where a limit ends it`(
        backend: Backend
    ) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<50).map { .sample(at: Int64($0)) })
        for limit in [1, 10, 49, 50] {
            let query = StoredQuery.of([.sample(limit: limit)])
            let pages = try store.reader.pages(of: query, bounds: PageBounds(events: 10))
            #expect(pages.count == (limit + 9) / 10)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a query can be asked again from any page on`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<40).map { .sample(at: Int64($0 / 3), content: "\($0)") })
        let bounds = PageBounds(events: 7)
        let (first, rest) = try store.reader.nextPage(of: .everything(), bounds: bounds)
        let once = try store.reader.ids(answering: rest, bounds: bounds)
        let another = try store.store.openReader()
        let again = try another.ids(answering: rest, bounds: PageBounds(events: 3))
        #expect(once == again)
        #expect(
            first.ids + once
                == QueryModel(try store.reader.pages(of: .everything()).flatMap(\.events)).answer([Filter()])
        )
    }
}
