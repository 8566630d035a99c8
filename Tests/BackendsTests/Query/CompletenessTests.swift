import Nostr
import TestSupport
import Testing

@testable import Backends

/// What an answer says of what it leaves out (NIP-67), and how the relay's own limits end one.
@Suite struct CompletenessTests {
    private static func completeness(
        _ store: TestStore,
        _ filters: Filter...,
        limit: (default: Int, maximum: Int)? = (500, 1_000),
        readership: Readership = Readership(privateKinds: [4]),
        now: Int64 = 0,
        bounds: PageBounds = PageBounds()
    ) throws -> (count: Int, Completeness) {
        let query = StoredQuery(filters, limit: limit, readership: readership, now: now)
        let pages = try store.reader.pages(of: query, bounds: bounds)
        return (pages.reduce(0) { $0 + $1.count }, pages.last?.completeness ?? .unknown)
    }

    private static func isMore(_ completeness: Completeness) -> Bool {
        if case .more = completeness { true } else { false }
    }

    @Test(arguments: Backend.allCases, [20_261_121, 20_261_122] as [UInt64])
    func `what random answers say of themselves is true, and they mostly say something`(
        backend: Backend,
        seed: UInt64
    ) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        var model = SaveModel()
        for _ in 0..<6 {
            let batch = (0..<100).map { _ in random.event() }
            for event in batch { _ = model.save(event) }
            _ = try store.writer.save(batch)
        }
        let reference = QueryModel(model.stored)
        var filters = RandomFilters(seed: seed &+ 1, for: model.stored)
        let reader = Readership(privateKinds: [4, 1_059], keys: [RandomEvents.authors[0]])
        var (unknown, more, whole, asked) = (0, 0, 0, 0)
        for number in 0..<backend.rounds(800) {
            let request = (0..<1 + filters.generator.below(3)).map { _ in filters.filter() }
            let limit = filters.generator.pick([(5, 20), (20, 5), (3, 3), (500, 1_000)])
            let small = PageBounds(events: filters.generator.pick([1, 7]), rows: filters.generator.pick([3, 50]))
            let bounds = filters.generator.once(in: 3) ? small : PageBounds()
            let now = filters.generator.pick([.min, 1_010, .max]) as Int64
            let query = StoredQuery(request, limit: limit, readership: reader, now: now)
            let pages = try store.reader.pages(of: query, bounds: bounds)
            let unlimited = request.map { filter in
                var filter = filter
                filter.limit = nil
                return filter
            }
            let all = Set(reference.answer(unlimited, readership: reader, now: now))
            let sent = Set(pages.flatMap(\.ids))
            let what = "seed \(seed), query \(number): \(request) \(limit)"
            asked += request.contains { $0.limit == 0 } ? 0 : 1
            switch pages.last?.completeness ?? .unknown {
            case .whole:
                whole += 1
                try #require(sent == all, "\(what)")
            case .more(let position, _):
                more += 1
                try #require(sent.count < all.count, "\(what)")
                #expect(!pages.flatMap(\.positions).contains(position), "\(what)")
            case .unknown: unknown += request.contains { $0.limit == 0 } ? 0 : 1
            }
        }
        #expect(more > asked / 10 && whole > asked / 10)
        #expect(unknown < asked / 50, "\(unknown) of \(asked)")
    }

    /// Shapes that are answered in different ways, and all give the same events.
    private static let shapes: [Filter] = [
        .sample(kinds: [1]), .sample(authors: [.sample(0)]), .sample(authors: [.sample(0)], kinds: [1, 7]),
        .sample(tags: ["t": ["x"]]), .sample(tags: ["t": ["x", "y"]]), .sample(kinds: [1], tags: ["t": ["x"]]),
        Filter(),
        .sample(authors: (0..<40).map { .sample($0) }), .sample(authors: [.sample(0)], tags: ["t": ["x"]]),
    ]

    @Test(arguments: Backend.allCases)
    func `as many as asked for is more or whole, by what stands behind it`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<30).map { .sample(at: Int64($0), tags: [["t", "x"]], content: "\($0)") })
        for shape in Self.shapes {
            for (limit, expected) in [(1, 1), (29, 29), (30, 30), (31, 30), (nil, 30)] as [(Int?, Int)] {
                var filter = shape
                filter.limit = limit
                for bounds in [PageBounds(), PageBounds(events: 7), PageBounds(rows: 5)] {
                    let (count, completeness) = try Self.completeness(store, filter, bounds: bounds)
                    #expect(count == expected)
                    #expect(Self.isMore(completeness) == (expected < 30), "\(filter) \(completeness)")
                    #expect((completeness == .whole) == (expected == 30), "\(filter) \(completeness)")
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `the relay's own limit tells a second to its end, and never gives more than was asked for`(
        backend: Backend
    ) throws {
        let store = try TestStore(backend)
        let flood = (0..<20).map { Event.sample(at: 50, tags: [["t", "x"]], content: "\($0)") }
        let twins = (20..<25).map { Event.sample(at: 50, tags: [["t", "x"]], content: "\($0)", id: "7fffffff") }
        let around = [60, 55, 40].map { Event.sample(at: $0, tags: [["t", "x"]]) }
        try store.storeAll(flood + twins + around)
        // Two events are newer than the 25 of one second, and one is older.
        let cases: [(asked: Int?, default: Int, maximum: Int, given: Int)] = [
            (nil, 10, 100, 27), (nil, 2, 100, 2), (nil, 3, 100, 27), (nil, 27, 100, 27), (nil, 28, 100, 28),
            (10, 2, 100, 10), (100, 2, 10, 27), (20, 2, 10, 20), (27, 2, 10, 27), (28, 2, 10, 27), (11, 2, 10, 11),
            (10, 2, 10, 10), (nil, 100, 10, 27), (1, 1, 1, 1), (nil, 1, 1, 1), (2, 1, 1, 1), (0, 5, 5, 0),
        ]
        for shape in Self.shapes {
            for (asked, usual, maximum, given) in cases {
                var filter = shape
                filter.limit = asked
                for bounds in [PageBounds(), PageBounds(events: 4), PageBounds(rows: 3)] {
                    let answer = try Self.completeness(store, filter, limit: (usual, maximum), bounds: bounds)
                    #expect(answer.count == given, "\(filter) \(usual) \(maximum)")
                    guard asked != 0 else { continue }
                    #expect(given == 28 ? answer.1 == .whole : Self.isMore(answer.1), "\(filter) \(answer)")
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `events that are looked up one by one say it too`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<10).map { Event.sample(by: .sample($0), kind: 0, at: Int64(50 + $0 / 5)) }
        try store.storeAll(events)
        let authors = (0..<12).map { PublicKey.sample($0) }
        for filter in [Filter.sample(ids: events.map(\.id) + [.absent(1)]), .sample(authors: authors, kinds: [0])] {
            for (limit, given, isWhole) in [(3, 3, false), (9, 9, false), (10, 10, true), (50, 10, true)] {
                var limited = filter
                limited.limit = limit
                let answer = try Self.completeness(store, limited)
                #expect(answer.count == given && (answer.1 == .whole) == isWhole && Self.isMore(answer.1) != isWhole)
            }
            #expect(try Self.completeness(store, filter, limit: (3, 3)).count == 5)
            #expect(try Self.completeness(store, filter, limit: (5, 5)).count == 5)
            #expect(try Self.completeness(store, filter, limit: (6, 6)).count == 10)
        }
    }

    @Test(arguments: Backend.allCases)
    func `what the reader may not see leaves no trace behind a full answer`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<5).map { .sample(at: Int64(100 + $0), tags: [["t", "x"]], content: "\($0)") })
        try store.storeAll((0..<10).map { .sample(kind: 4, at: Int64($0), tags: [["t", "x"]]) })
        try store.storeAll([.sample(at: 50, tags: [["t", "x"], ["expiration", "60"]])])
        for filter in Self.shapes {
            var filter = filter
            filter.limit = 5
            #expect(try Self.completeness(store, filter, now: 60).1 == .whole, "\(filter)")
            #expect(try Self.isMore(Self.completeness(store, filter, now: 59).1))
        }
        #expect(try Self.isMore(Self.completeness(store, .sample(limit: 5), readership: .operator, now: 60).1))
    }

    @Test(arguments: Backend.allCases)
    func `very many events that the reader may not see are not all looked at`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([.sample(at: 5_000)] + (0..<1_000).map { .sample(kind: 4, at: Int64($0)) })
        let query = StoredQuery([.sample(limit: 1)], limit: (5, 5), readership: Readership(privateKinds: [4]), now: 0)
        let (page, rest) = try store.reader.nextPage(of: query, bounds: PageBounds())
        #expect(page.isLast && page.count == 1 && page.completeness == .unknown)
        #expect(rest.rows < 600)
    }

    @Test(arguments: Backend.allCases)
    func `of several filters one may send what another leaves out`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<20).map { .sample(kind: $0 % 2 == 0 ? 1 : 7, at: Int64($0), content: "\($0)") })
        let few = Filter.sample(kinds: [1], limit: 3)
        #expect(try Self.completeness(store, few, Filter()) == (20, .whole))
        #expect(try Self.completeness(store, few, .sample(kinds: [1, 7])) == (20, .whole))
        #expect(try Self.isMore(Self.completeness(store, few, .sample(kinds: [7])).1))
        #expect(try Self.isMore(Self.completeness(store, few, .sample(since: 1)).1))
        #expect(try Self.isMore(Self.completeness(store, .sample(limit: 19), .sample(kinds: [7])).1))
        #expect(try Self.completeness(store, .sample(limit: 19), .sample(kinds: [1])) == (20, .whole))
        #expect(try Self.completeness(store, .sample(kinds: [9], limit: 1), .sample(limit: 20)) == (20, .whole))
    }

    @Test(arguments: Backend.allCases)
    func `nothing is said of a filter that asks for nothing`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<5).map { .sample(at: Int64($0), content: "\($0)") })
        #expect(try Self.completeness(store, .sample(limit: 0), .sample(kinds: [1])).1 == .unknown)
        #expect(try Self.isMore(Self.completeness(store, .sample(limit: 0), .sample(kinds: [1], limit: 4)).1))
        #expect(StoredQuery([.sample(limit: 0)], readership: .operator, now: 0).isEmpty)
        #expect(!StoredQuery([.sample(limit: 0)], readership: .operator, now: 0).isUnsatisfiable)
        #expect(StoredQuery([.sample(kinds: [])], readership: .operator, now: 0).isUnsatisfiable)
    }

    @Test(arguments: Backend.allCases)
    func `an answer between whose pages something goes says what is true at its end`(backend: Backend) throws {
        let store = try TestStore(backend)
        let positions = try store.storeAll((0..<12).map { .sample(at: Int64($0), content: "\($0)") })
        let query = StoredQuery([.sample(limit: 10)], limit: (500, 1_000), readership: .operator, now: 0)
        let (_, rest) = try store.reader.nextPage(of: query, bounds: PageBounds(events: 5))
        _ = try store.writer.remove(positions: Array(positions[0...1]))
        let last = try store.reader.pages(of: rest).last
        #expect(last?.completeness == .whole)
        var other = rest
        #expect(!other.hadOtherReaders)
        other.readership = rest.readership
        #expect(!other.hadOtherReaders)
        other.readership = Readership(privateKinds: [])
        #expect(other.hadOtherReaders)
    }
}
