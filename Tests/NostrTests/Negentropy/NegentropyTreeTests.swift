import TestSupport
import Testing

@testable import Nostr

/// A set that changes says the same as one that is made anew.
@Suite struct NegentropyTreeTests {
    private static func expectSame(_ snapshot: NegentropySnapshot, _ items: [NegentropyItem], _ seed: UInt64) {
        let vector = NegentropyVector(items)
        var generator = SplitMix64(seed: seed)
        #expect(snapshot.count == vector.count)
        #expect((0..<snapshot.count).allSatisfy { snapshot[$0] == vector[$0] })
        for _ in 0..<200 {
            let start = generator.below(vector.count + 1)
            let end = start + generator.below(vector.count - start + 1)
            #expect(snapshot.sum(of: start..<end) == vector.sum(of: start..<end))
            guard vector.count > 1 else { continue }
            let place = 1 + generator.below(vector.count - 1)
            let bound = NegentropyBound(between: vector[place - 1], and: vector[place])
            let from = generator.below(place + 1)
            #expect(snapshot.firstIndex(notBefore: bound, from: from) == place)
            #expect(vector.firstIndex(notBefore: bound, from: from) == place)
        }
        #expect(snapshot.firstIndex(notBefore: .infinity, from: 0) == vector.count)
    }

    @Test(arguments: [1, 40, 4_000]) func `after any insertions and removals it is the set that is left`(
        seconds: Int
    ) {
        var records = RandomRecords(seed: UInt64(seconds))
        var generator = SplitMix64(seed: 5)
        let first = (0..<1_500).map { _ in records.item(seconds: seconds) }
        var tree = NegentropyTree(first + first.prefix(10))
        var left = Set(first)
        let before = tree.snapshot()
        for _ in 0..<4_000 {
            let item = records.item(seconds: seconds)
            let isNew = (tree.insert(item), tree.insert(item))
            #expect(isNew == (true, false))
            left.insert(item)
            if generator.once(in: 3) {
                let gone = generator.once(in: 2) ? item : left.first ?? item
                let wasThere = (tree.remove(gone), tree.remove(gone))
                #expect(wasThere == (true, false))
                left.remove(gone)
            }
        }
        Self.expectSame(tree.snapshot(), Array(left), 1)
        // What was taken before does not change.
        Self.expectSame(before, first, 2)
        let removed = left.count { tree.remove($0) }
        #expect(removed == left.count && tree.count == 0 && tree.snapshot().count == 0)
        Self.expectSame(NegentropyTree().snapshot(), [], 3)
    }

    @Test func `a window is the records from one second to another`() {
        var records = RandomRecords(seed: 9)
        let items = (0..<3_000).map { _ in records.item(seconds: 100) }
        let all = NegentropyTree(items).snapshot()
        for (since, until) in [(10, 20), (0, 99), (50, 50), (99, 99), (200, 300)] as [(UInt64, UInt64)] {
            let bounds = (since + 1_700_000_000, until + 1_700_000_000)
            let inside = items.filter { $0.timestamp >= bounds.0 && $0.timestamp <= bounds.1 }
            Self.expectSame(all.window(since: bounds.0, until: bounds.1), inside, 4)
        }
        #expect(
            all.window(since: 1_700_000_050, until: nil).count == items.filter { $0.timestamp >= 1_700_000_050 }.count
        )
        #expect(
            all.window(since: nil, until: 1_700_000_050).count == items.filter { $0.timestamp <= 1_700_000_050 }.count
        )
        #expect(all.window(since: nil, until: nil).count == items.count)
    }

    @Test func `records are found by their second and the beginning of their id`() {
        var records = RandomRecords(seed: 10)
        let items = (0..<3_000).map { _ in records.item(seconds: 3) }
        let tree = NegentropyTree(items)
        for item in items.prefix(500) {
            let prefix = item.id.bytes.prefix
            let expected = items.filter { $0.timestamp == item.timestamp && $0.id.bytes.prefix == prefix }.sorted()
            #expect(tree.items(at: item.timestamp, prefix: prefix) == expected)
        }
        #expect(tree.items(at: 1, prefix: 0) == [])
        #expect(tree.items(at: .max - 1, prefix: .max) == [])
    }
}
