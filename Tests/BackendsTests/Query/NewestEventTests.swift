import Nostr
import TestSupport
import Testing

@testable import Backends

/// A session that remembers who has been silent answers as one that remembers nothing.
@Suite struct NewestEventTests {
    private static let authors = (0..<30).map { PublicKey.sample($0) }
    /// More than eight, so that nobody scans for them, and few enough for the authors' own streams.
    private static let kinds: [Kind] = [0, 1, 2, 3, 6, 7, 9, 16, 20, 10_002]

    private static func event(_ random: inout SplitMix64, _ number: Int) -> Event {
        .sample(
            by: random.pick(Self.authors),
            kind: random.pick(Self.kinds),
            at: Int64(1_000 + random.below(400)),
            content: "\(number)"
        )
    }

    private static func feed(_ random: inout SplitMix64) -> Filter {
        .sample(
            authors: random.some(29, of: Self.authors),
            kinds: random.once(in: 4) ? [1] : Self.kinds,
            since: random.once(in: 2) ? Int64(1_000 + random.below(450)) : nil,
            until: random.once(in: 4) ? Int64(1_000 + random.below(450)) : nil,
            limit: random.pick([1, 3, 20, 500])
        )
    }

    @Test(arguments: [20_262_101, 20_262_102, 20_262_103] as [UInt64])
    func `feeds between commits, deletions and replacements are answered as a plain filter and sort would`(
        seed: UInt64
    ) throws {
        let store = try TestStore(.sqlite)
        var random = SplitMix64(seed: seed)
        var model = SaveModel()
        for round in 0..<120 {
            var batch = (0..<random.below(12)).map { Self.event(&random, round * 100 + $0) }
            if random.once(in: 4), let victim = model.stored.randomElement(using: &random) {
                batch.append(
                    .sample(by: victim.pubkey, kind: 5, at: 2_000, tags: [["e", victim.id.hex]], content: "\(round)")
                )
            }
            for event in batch { _ = model.save(event) }
            _ = try store.writer.save(batch)
            for _ in 0..<8 {
                let filter = Self.feed(&random)
                let bounds = random.once(in: 3) ? PageBounds(events: 3, rows: 40) : PageBounds()
                let direction: StoredQuery.Direction = random.once(in: 6) ? .oldestFirst : .newestFirst
                let answer = try store.reader.ids(answering: .of([filter], direction: direction), bounds: bounds)
                let expected = QueryModel(model.stored).answer([filter], direction: direction)
                try #require(answer == expected, "seed \(seed), round \(round): \(filter)")
            }
        }
    }

    @Test func `a page of a history that began before a commit shows what was there then, whatever is known since`()
        throws
    {
        let store = try TestStore(.sqlite)
        let kinds: [Kind] = [1, 2, 6, 7, 9, 11, 12, 16, 20]
        let events = (0..<300).map {
            Event.sample(by: Self.authors[$0 % 30], kind: kinds[$0 % 9], at: Int64(1_000 + $0), content: "\($0)")
        }
        try store.storeAll(events)
        let filter = Filter.sample(authors: Self.authors, kinds: kinds)
        let (first, rest) = try store.reader.nextPage(of: .of([filter]), bounds: PageBounds(events: 5))
        try store.storeAll(
            (0..<50).map { .sample(by: Self.authors[$0 % 30], kind: 1, at: 5_000, content: "new \($0)") }
        )
        _ = try store.reader.ids(filter)
        let pages = try store.reader.pages(of: rest)
        #expect(first.ids + pages.flatMap(\.ids) == QueryModel(events).answer([filter]))
    }

    @Test func `authors who have been silent cost nothing the second time`() throws {
        let file = try SQLiteFile()
        // Between them and now lies so much by strangers that a scan for theirs is given up.
        let silent = (0..<300).map { PublicKey.sample($0) }
        _ = try file.writer.save((0..<300).map { .sample(by: silent[$0], kind: 1, at: Int64(1_000 + $0)) })
        _ = try file.writer.save(
            (0..<3_000).map { .sample(by: .sample(400 + $0 % 9), at: Int64(2_000 + $0), content: "\($0)") }
        )
        let filter = Filter.sample(authors: silent, kinds: [1], limit: 5)
        func steps(of reader: SQLiteReader) throws -> Int {
            _ = reader.database.takeSteps()
            #expect(try reader.ids(filter).count == 5)
            return reader.database.takeSteps()
        }
        let first = try steps(of: file.reader)
        let second = try steps(of: file.reader)
        #expect(second < first - 300 * 10, "\(first) steps, then \(second)")
    }

    @Test func `a bound only rises, and is forgotten where there are too many`() {
        var newest = NewestEvents(maximumCount: 2)
        let keys = (0..<3).map { NewestEvents.Key(author: Int64($0), kind: 1) }
        newest.note(keys[0], 10)
        newest.raise(keys[0], to: 5)
        newest.raise(keys[1], to: 50)
        #expect(newest.bound(keys[0]) == 10)
        #expect(newest.bound(keys[1]) == nil)
        newest.raise(keys[0], to: 20)
        newest.note(keys[1], nil)
        #expect(newest.bound(keys[0]) == 20)
        #expect(newest.bound(keys[1]) == .min)
        newest.note(keys[2], 1)
        #expect(newest.bound(keys[0]) == nil)
        #expect(newest.bound(keys[2]) == 1)
    }
}
