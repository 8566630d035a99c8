import Nostr
import TestSupport
import Testing

@testable import Backends

/// Thousands of random queries over random events, against a plain filter and sort.
@Suite struct RandomQueryTests {
    @Test(arguments: Backend.allCases, [20_260_901, 20_260_902, 20_260_903] as [UInt64])
    func `random queries are answered as a plain filter and sort answers them`(backend: Backend, seed: UInt64) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        var model = SaveModel()
        for _ in 0..<10 {
            var batch = (0..<100).map { _ in random.event() }
            batch.append(random.deletion(among: batch))
            for event in batch { _ = model.save(event) }
            _ = try store.writer.save(batch)
        }
        let reference = QueryModel(model.stored)
        var filters = RandomFilters(seed: seed &+ 1, for: model.stored)
        var shown = 0
        for number in 0..<backend.rounds(1_000) {
            let query = Self.query(&filters)
            let expected = reference.answer(
                query.filters,
                limit: query.limit,
                readership: query.readership,
                now: query.now,
                direction: query.direction
            )
            let answer = try store.reader.ids(answering: query.stored, bounds: query.bounds)
            try #require(answer == expected, "seed \(seed), query \(number): \(query)")
            shown += answer.count
        }
        #expect(shown > backend.rounds(10_000), "the sample must show events")
    }

    private struct Query {
        var filters: [Filter]
        var limit: (default: Int, maximum: Int)?
        var readership: Readership
        var now: Int64
        var direction: StoredQuery.Direction
        var bounds: PageBounds

        var stored: StoredQuery {
            StoredQuery(
                self.filters,
                limit: self.limit,
                readership: self.readership,
                now: self.now,
                direction: self.direction
            )
        }
    }

    private static func query(_ random: inout RandomFilters) -> Query {
        let keys = Set(random.generator.some(2, of: RandomEvents.authors))
        let readers: [Readership] = [
            .operator, Readership(privateKinds: [4, 1_059]), Readership(privateKinds: [4, 1_059], keys: keys),
            Readership(privateKinds: [1, 7], keys: keys), Readership(privateKinds: [4], keys: keys, isOperator: true),
        ]
        let small = PageBounds(
            events: random.generator.pick([1, 2, 7, 250]),
            bytes: random.generator.pick([1, 1_000, 100_000]),
            rows: random.generator.pick([1, 3, 20, 1_000]),
            deadline: random.generator.once(in: 2) ? .now : nil
        )
        return Query(
            filters: (0..<1 + random.generator.below(3)).map { _ in random.filter() },
            limit: random.generator.once(in: 3)
                ? nil : random.generator.pick([(500, 1_000), (5, 20), (20, 5), (3, 3)]),
            readership: random.generator.pick(readers),
            now: random.generator.pick([.min, 1_010, 1_020, .max]),
            direction: random.generator.once(in: 3) ? .oldestFirst : .newestFirst,
            bounds: random.generator.once(in: 3) ? small : PageBounds()
        )
    }
}
