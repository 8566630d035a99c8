import Nostr
import TestSupport
import Testing

@testable import Backends

@Suite struct EventPageTests {
    private static func page(_ events: [Event], expiresAt: [Int64?] = []) -> EventPage {
        var page = EventPage()
        for (index, event) in events.enumerated() {
            let expiresAt = index < expiresAt.count ? expiresAt[index] : nil
            page.append(
                StoredRow(json: event.json.span, kind: 1, expiresAt: expiresAt, transaction: 1),
                position: Int64(index)
            )
        }
        return page
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a run is put in the order of ids, and what stands before it stays`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
            for _ in 0..<50 {
                let events = (0..<1 + random.below(12)).map { number in
                    Event.sample(content: String(repeating: "\(random.next())", count: random.below(9)) + "\(number)")
                }
                let start = random.below(events.count + 1)
                let count = random.below(events.count + 3)
                var page = Self.page(events)
                page.sortByID(from: start, direction, keeping: count)
                var run = Array(events.enumerated().dropFirst(start))
                run.sort { direction == .newestFirst ? $0.1.id < $1.1.id : $1.1.id < $0.1.id }
                let expected = Array(events.enumerated().prefix(start)) + run.prefix(count)
                #expect(page.events == expected.map(\.element), "seed \(seed)")
                #expect(page.positions == expected.map { Int64($0.offset) })
                #expect(page.count == expected.count && page.bytes.count == page.ends.last ?? 0)
            }
        }
    }

    @Test func `a page expires with the first of its events that does`() {
        let events = (0..<4).map { Event.sample(content: "\($0)") }
        #expect(Self.page(events).expiresAt == nil)
        #expect(Self.page(events, expiresAt: [nil, 30, 20, 40]).expiresAt == 20)
        var sorted = Self.page(events, expiresAt: [nil, 30, 20, 40])
        sorted.sortByID(from: 0, .newestFirst, keeping: 4)
        #expect(sorted.expiresAt == 20)
    }

    @Test(arguments: Backend.allCases)
    func `an answer says when it expires, in whatever way it was read`(backend: Backend) throws {
        let store = try TestStore(backend)
        var events = (0..<20).map { number in
            let tags = number % 3 == 0 ? [["expiration", "\(5_000 - number)"]] : []
            return Event.sample(at: Int64(1_000 + number / 4), tags: tags + [["t", "x"]], content: "\(number)")
        }
        events.append(.sample(kind: 7, tags: [["expiration", "40"]]))
        try store.storeAll(events)
        let shapes: [[Filter]] = [
            [.sample(kinds: [1])], [.sample(authors: [.sample(0)], kinds: [1])], [.sample(tags: ["t": ["x"]])],
            [.sample(ids: events.prefix(20).map(\.id))], [.sample(kinds: [1]), .sample(kinds: [1], limit: 2)],
        ]
        for filters in shapes {
            let pages = try store.reader.pages(of: .of(filters))
            #expect(pages.map(\.expiresAt) == [4_982])
        }
        #expect(try store.reader.pages(of: .of([.sample(kinds: [7])])).map(\.expiresAt) == [40])
        #expect(try store.reader.pages(of: .of([.sample(kinds: [8])])).map(\.expiresAt) == [nil])
    }
}
