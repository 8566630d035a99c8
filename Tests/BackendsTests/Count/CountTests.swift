import Nostr
import Testing

@testable import Backends

@Suite struct CountTests {
    private static let slices = [PageBounds(), PageBounds(events: 1), PageBounds(rows: 1), PageBounds(rows: 7)]

    @Test(arguments: Backend.allCases)
    func `limits say nothing about a count, and an event is counted once`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<30).map { .sample(kind: $0 < 20 ? 1 : 7, at: Int64($0), tags: [["t", "x"]]) })
        #expect(try store.reader.count(.sample(kinds: [1], limit: 3)) == 20)
        #expect(try store.reader.count(.sample(kinds: [1], limit: 0)) == 20)
        #expect(try store.reader.count(.sample(kinds: [1]), .sample(tags: ["t": ["x"]]), Filter()) == 30)
        #expect(try store.reader.count(.sample(kinds: [1, 1, 7]), .sample(kinds: [1])) == 30)
        #expect(try store.reader.count(.sample(kinds: [7]), .sample(kinds: [1])) == 30)
        #expect(try store.reader.count(.sample(kinds: [])) == 0)
        #expect(try store.reader.count(.sample(since: 2, until: 1), .sample(kinds: [9])) == 0)
    }

    @Test(arguments: Backend.allCases)
    func `events of one second are all counted, however small the slices`(backend: Backend) throws {
        let store = try TestStore(backend)
        let twins = (0..<40).map { Event.sample(at: 100, content: "\($0)", id: "7fffffff") }
        try store.storeAll(twins + (0..<60).map { .sample(at: 100, content: "other \($0)") })
        for filter in [Filter(), .sample(kinds: [1]), .sample(authors: [.sample(0)]), .sample(since: 100, until: 100)] {
            for bounds in Self.slices {
                let count = StoredCount([filter], readership: Readership(privateKinds: [4]), now: 0)
                #expect(try store.reader.answer(to: count, bounds: bounds).count == 100)
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `what has expired is not counted, few or many, swept or not`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<50).map { .sample(at: Int64($0)) })
        var expiring = 0
        for step in [3, 100] {
            try store.storeAll(
                (expiring..<expiring + step).map { number in
                    .sample(at: Int64(number), tags: [["expiration", "1000"]], content: "expires \(number)")
                }
            )
            expiring += step
            for filter in [Filter(), .sample(kinds: [1]), .sample(authors: [.sample(0)], kinds: [1])] {
                for (now, expected) in [(999, 50 + expiring), (1_000, 50), (.max, 50)] as [(Int64, Int)] {
                    for readership in [Readership.operator, Readership(privateKinds: [4])] {
                        let count = StoredCount([filter], readership: readership, now: now)
                        #expect(try store.reader.answer(to: count).count == expected)
                    }
                }
            }
        }
        _ = try store.writer.removeExpired(at: 1_000, atMost: 1_000)
        #expect(try store.reader.count(Filter()) == 50)
    }

    @Test(arguments: Backend.allCases)
    func `what a reader may not see leaves no trace`(backend: Backend) throws {
        let store = try TestStore(backend)
        let (alice, bob) = (PublicKey.sample(1), PublicKey.sample(2))
        try store.storeAll([
            .sample(by: alice, kind: 4, at: 1, tags: [["p", bob.hex]]), .sample(by: alice, kind: 1, at: 2),
            .sample(by: bob, kind: 4, at: 3, tags: [["p", PublicKey.sample(3).hex]]),
            .sample(by: bob, kind: 1, at: 4, tags: [["p", alice.hex]]),
        ])
        let filters: [(Filter, everyone: Int, alice: Int, bob: Int)] = [
            (Filter(), 2, 3, 4), (.sample(kinds: [4]), 0, 1, 2), (.sample(kinds: [1, 4]), 2, 3, 4),
            (.sample(authors: [alice]), 1, 2, 2), (.sample(authors: [bob], kinds: [4]), 0, 0, 1),
            (.sample(tags: ["p": [bob.hex]]), 0, 1, 1), (.sample(since: 3), 1, 1, 2),
        ]
        for (filter, everyone, forAlice, forBob) in filters {
            let readers: [(Set<PublicKey>, Int)] = [(Set(), everyone), (Set([alice]), forAlice), (Set([bob]), forBob)]
            for (keys, expected) in readers {
                let readership = Readership(privateKinds: [4, 1_059], keys: keys)
                for bounds in Self.slices {
                    let count = StoredCount([filter], readership: readership, now: 0)
                    let answer = try store.reader.answer(to: count, bounds: bounds)
                    #expect(answer.count == expected, "\(filter) for \(keys)")
                    guard expected == 0, let sketch = answer.sketch else { continue }
                    #expect(sketch.registers == [UInt8](repeating: 0, count: 256))
                }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `a version that is replaced between two slices is not counted twice`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<40).map { .sample(by: .sample($0), kind: 0, at: Int64(100 + $0)) })
        for filter in [Filter(), .sample(kinds: [0]), .sample(authors: (0..<40).map { .sample($0) })] {
            var count = StoredCount([filter], readership: Readership(privateKinds: [4]), now: 0)
            var second: Int64 = 1_000
            while !count.isComplete {
                count = try store.reader.advance(count, bounds: PageBounds(rows: 12))
                second += 1
                let author = PublicKey.sample(Int(second) % 40)
                _ = try store.writer.save([.sample(by: author, kind: 0, at: second + Int64(filter.valueCount) * 100)])
            }
            #expect((1...40).contains(count.answer.count))
        }
        #expect(try store.reader.count(Filter()) == 40)
    }

    @Test(arguments: Backend.allCases)
    func `very many authors and kinds are counted like few`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<300).map { Event.sample(by: .sample($0), kind: Kind(UInt16(1_000 + $0 % 7)), at: Int64($0)) }
        try store.storeAll(events)
        let authors = (0..<1_000).map { PublicKey.sample($0) }
        let kinds = (0..<3_000).map { Kind(UInt16($0)) }
        #expect(try store.reader.count(.sample(authors: authors)) == 300)
        #expect(try store.reader.count(.sample(authors: authors, kinds: kinds)) == 300)
        #expect(try store.reader.count(.sample(kinds: kinds)) == 300)
        #expect(try store.reader.count(.sample(authors: authors, kinds: [1_000, 1_001], since: 150)) == 42)
        let everyone = StoredCount([Filter()], readership: Readership(privateKinds: [1_000]), now: 0)
        #expect(try store.reader.answer(to: everyone).count == events.filter { $0.kind != 1_000 }.count)
    }

    @Test(arguments: Backend.allCases)
    func `an author of more kinds than are looked at one by one is counted too`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<1_200).map { .sample(kind: Kind(UInt16(1_000 + $0)), at: Int64($0)) })
        try store.storeAll((0..<5).map { .sample(by: .sample(1), kind: 1_000, at: Int64($0)) })
        let filter = Filter.sample(authors: [.sample(0), .sample(1)])
        #expect(try store.reader.count(filter) == 1_205)
        for keys in [[], [.sample(0)]] as [Set<PublicKey>] {
            let readership = Readership(privateKinds: [1_000], keys: keys)
            let count = StoredCount([filter], readership: readership, now: 0)
            #expect(try store.reader.answer(to: count).count == 1_199 + keys.count)
        }
    }
}
