import Nostr
import Testing

@testable import Backends

/// NIP-01: newest first, and of one second the lower id first.
@Suite struct TieTests {
    @Test(arguments: Backend.allCases)
    func `two thousand events of one second come in the order of their ids, by every index`(backend: Backend) throws {
        let store = try TestStore(backend)
        let flood = (0..<2_000).map { Event.sample(at: 100, tags: [["t", "x"]], content: "\($0)") }
        try store.storeAll(flood + [.sample(at: 99, content: "before"), .sample(at: 101, content: "after")])
        let sorted = flood.sorted { $0.id.hex < $1.id.hex }.map(\.id)
        let shapes: [Filter] = [
            .sample(since: 100, until: 100), .sample(kinds: [1], since: 100, until: 100),
            .sample(authors: [.sample(0)], kinds: [1], since: 100, until: 100), .sample(tags: ["t": ["x"]]),
            .sample(authors: [.sample(0)], since: 100, until: 100), .sample(ids: sorted),
        ]
        for filter in shapes {
            for limit in [nil, 1, 700] {
                var filter = filter
                filter.limit = limit
                let expected = Array(sorted.prefix(limit ?? .max))
                #expect(try store.reader.ids(filter) == expected)
                let bounds = PageBounds(events: 93, bytes: 50_000, rows: 200)
                #expect(try store.reader.ids(answering: .of([filter]), bounds: bounds) == expected)
                let oldest = try store.reader.ids(answering: .of([filter], direction: .oldestFirst), bounds: bounds)
                #expect(oldest == Array(sorted.reversed().prefix(expected.count)))
            }
        }
    }

    @Test(arguments: Backend.allCases, ["7fffffff", "80000000", "00000000", "ffffffff", "0123456789abcdef"])
    func `ids that begin alike are in order too, whatever order they arrived in`(
        backend: Backend,
        digits: String
    ) throws {
        let store = try TestStore(backend)
        let twins = (0..<30).map { number in
            Event.sample(at: 100, tags: [["t", number % 3 == 0 ? "x" : "y"]], content: "\(number)", id: digits)
        }
        let others = (0..<30).map { Event.sample(at: 100, tags: [["t", "x"]], content: "other \($0)") }
        try store.storeAll(twins + others)
        let model = QueryModel(twins + others)
        let shapes: [Filter] = [
            Filter(), .sample(kinds: [1]), .sample(tags: ["t": ["x"]]), .sample(tags: ["t": ["x", "y"]]),
            .sample(authors: [.sample(0)]), .sample(ids: twins.map(\.id)),
        ]
        for filter in shapes {
            for limit in [nil, 0, 1, 5, 29, 31] {
                var filter = filter
                filter.limit = limit
                for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
                    for bounds in [PageBounds(), PageBounds(events: 1), PageBounds(rows: 2)] {
                        let query = StoredQuery.of([filter], direction: direction)
                        let answer = try store.reader.ids(answering: query, bounds: bounds)
                        #expect(answer == model.answer([filter], direction: direction))
                    }
                }
            }
        }
    }
}
