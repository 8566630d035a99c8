import Nostr
import Testing

@testable import Backends

/// What is answered where counting takes too long.
@Suite struct CountEstimateTests {
    @Test(arguments: Backend.allCases)
    func `an estimate is told as such, is near, and is never below what was counted`(backend: Backend) throws {
        let store = try TestStore(backend)
        // Every fourth event, so that a sample in steps of a fixed length would go wrong.
        let events = (0..<4_000).map { number in
            Event.sample(kind: number % 4 == 0 ? 1 : 7, at: Int64(number), tags: [["t", "x"]], content: "\(number)")
        }
        for start in stride(from: 0, to: events.count, by: 1_000) {
            try store.storeAll(Array(events[start..<start + 1_000]))
        }
        for slices in [0, 1, 3] {
            var count = StoredCount(
                [.sample(kinds: [1], limit: 1), .sample(kinds: [0])],
                readership: .operator,
                now: 0
            )
            for _ in 0..<slices { count = try store.reader.advance(count, bounds: PageBounds(rows: 50)) }
            count.estimate()
            let answer = try store.reader.answer(to: count)
            #expect(answer.isApproximate)
            #expect((700...1_300).contains(answer.count), "\(answer.count)")
        }
        var late = StoredCount([.sample(kinds: [1])], readership: .operator, now: 0)
        late.counted = 3_999
        late.estimate()
        #expect(try store.reader.answer(to: late).count == 3_999)
        #expect(try store.allIDs().count == 4_000)
    }

    @Test(arguments: Backend.allCases)
    func `few events are all looked at, but for those that the reader may not see`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<100).map { number -> Event in
            let kind: Kind = number % 2 == 0 ? 1 : 4
            let tags: [[String]] = number % 10 == 0 ? [["expiration", "5"]] : []
            return .sample(kind: kind, at: Int64(number), tags: tags)
        }
        let positions = try store.storeAll(events)
        _ = try store.writer.remove(positions: Array(positions[2...21]))
        for (readership, expected) in [(Readership.operator, 72), (Readership(privateKinds: [4]), 32)] {
            var count = StoredCount([Filter()], readership: readership, now: 10)
            count.estimate()
            let answer = try store.reader.answer(to: count, bounds: PageBounds(rows: 1))
            // Positions are numbered from where the server began; the sample covers all of them.
            #expect(answer == EventCount(expected, isApproximate: true))
        }
    }

    @Test(arguments: Backend.allCases)
    func `nothing is estimated of an empty store, nor of what is counted already`(backend: Backend) throws {
        let store = try TestStore(backend)
        var count = StoredCount([Filter()], readership: .operator, now: 0)
        count.estimate()
        #expect(try store.reader.answer(to: count) == EventCount(0, isApproximate: true))
        try store.storeAll([.sample(tags: [["t", "x"]])])
        var whole = StoredCount([.sample(tags: ["t": ["x"]])], readership: .operator, now: 0)
        while !whole.isComplete { whole = try store.reader.advance(whole, bounds: PageBounds()) }
        whole.estimate()
        #expect(whole.answer.count == 1 && !whole.answer.isApproximate && whole.answer.sketch != nil)
        var cut = StoredCount([.sample(tags: ["t": ["x"]])], readership: .operator, now: 0)
        cut.estimate()
        #expect(try store.reader.answer(to: cut) == EventCount(1, isApproximate: true))
    }
}
