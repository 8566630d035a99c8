import Nostr
import Testing

@testable import Backends

/// Events that are known one by one are looked up at once; those of one tag are read in one stretch.
@Suite struct GatherTests {
    private static let bounds = [
        PageBounds(), PageBounds(bytes: 1), PageBounds(bytes: 3_000), PageBounds(rows: 30), PageBounds(events: 7),
        PageBounds(deadline: .now),
    ]

    @Test(arguments: Backend.allCases)
    func `what is looked up one by one is the same however little fits into a page`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<60).map {
            Event.sample(by: .sample($0 % 20), kind: [0, 3, 1][$0 / 20], at: Int64(1_000 + $0 / 7), content: "\($0)")
        }
        try store.storeAll(events)
        let ids = stride(from: 0, to: 60, by: 3).map { events[$0].id }
        let authors = (0..<25).map { PublicKey.sample($0) }
        let filters: [Filter] = [
            .sample(ids: ids), .sample(ids: ids + ids, kinds: [0, 1]), .sample(ids: ids, limit: 5),
            .sample(authors: authors, kinds: [0, 3]), .sample(authors: authors, kinds: [0], limit: 3),
            .sample(authors: authors, kinds: [0, 3], since: 1_002, until: 1_004),
        ]
        for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
            for (number, filter) in filters.enumerated() {
                let expected = QueryModel(events).answer([filter], direction: direction)
                for bounds in Self.bounds {
                    var bounds = bounds
                    // Without any time nothing would ever come: it runs out in the first page only.
                    let isLate = bounds.deadline != nil
                    let (first, rest) = try store.reader.nextPage(
                        of: .of([filter], direction: direction),
                        bounds: bounds
                    )
                    if isLate { bounds.deadline = nil }
                    let pages = first.isLast ? [] : try store.reader.pages(of: rest, bounds: bounds)
                    #expect((first.ids + pages.flatMap(\.ids)) == expected, "filter \(number), \(bounds)")
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `a tag that most others use for other kinds gives those of the kind, in their order`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<3_000).map { number in
            let isRare = number % 400 == 7 || number > 2_950
            let second = Int64(1_000 + number / 5)
            let tags = [["t", "x"], ["t", number.isMultiple(of: 2) ? "y" : "z"]]
            return Event.sample(kind: isRare ? 1 : 7, at: second, tags: tags, content: "\(number)")
        }
        try store.storeAll(events)
        for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
            let filters: [Filter] = [
                .sample(kinds: [1], tags: ["t": ["x"]]), .sample(kinds: [1, 7], tags: ["t": ["y"]], limit: 40),
                .sample(kinds: [1], tags: ["t": ["z"]], limit: 3), .sample(tags: ["t": ["x"]], limit: 300),
            ]
            for filter in filters {
                let expected = QueryModel(events).answer([filter], direction: direction)
                for bounds in [PageBounds(), PageBounds(rows: 100), PageBounds(events: 7)] {
                    let pages = try store.reader.pages(of: .of([filter], direction: direction), bounds: bounds)
                    #expect(pages.flatMap(\.ids) == expected)
                }
            }
        }
    }
}
