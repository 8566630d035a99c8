import Nostr
import TestSupport
import Testing

@testable import Backends

/// Two nodes that save at the same moment.
@Suite(.needsPostgres, .serialized) struct PostgresRaceTests {
    private static let rounds = 40

    /// Saves a batch of each node in each round, both at the same moment; gives the outcomes by round.
    private static func race(
        _ fixture: PostgresFixture,
        _ batches: [(one: [Event], two: [Event])]
    ) throws -> [(one: [SaveOutcome], two: [SaveOutcome])] {
        let nodes = [try fixture.node(), try fixture.node()]
        let outcomes = try Threads.run(2) { number, meet in
            let writer = try nodes[number].openWriter()
            defer { writer.close() }
            return try batches.map { batch in
                meet()
                return try writer.save(number == 0 ? batch.one : batch.two).outcomes
            }
        }
        return batches.indices.map { (outcomes[0][$0], outcomes[1][$0]) }
    }

    private static func stored(_ fixture: PostgresFixture) throws -> Set<EventID> {
        let reader = try fixture.node().openReader()
        defer { reader.close() }
        return Set(try reader.ids(answering: .everything()))
    }

    @Test(arguments: [0, 30_023] as [Kind])
    func `of two versions saved at once the newer one stays`(kind: Kind) throws {
        let fixture = try PostgresFixture()
        let versions = (0..<Self.rounds).map { round in
            // Now and then both are of the same second, where the lower id wins.
            let second = Int64(100 + (round.isMultiple(of: 4) ? 0 : 1))
            return [(Int64(100), "old"), (second, "new")].map { time, text in
                Event.sample(by: .sample(round), kind: kind, at: time, tags: [["d", "x"]], content: text)
            }
        }
        let batches = versions.enumerated().map { round, pair in
            round.isMultiple(of: 2) ? (one: [pair[0]], two: [pair[1]]) : (one: [pair[1]], two: [pair[0]])
        }
        let results = try Self.race(fixture, batches)
        var expected: Set<EventID> = []
        for (round, pair) in versions.enumerated() {
            let newer = pair[1].replaces(createdAt: pair[0].createdAt, id: pair[0].id) ? pair[1] : pair[0]
            expected.insert(newer.id)
            let result = results[round]
            let (winner, loser) =
                batches[round].one[0].id == newer.id ? (result.one, result.two) : (result.two, result.one)
            #expect(winner.map(\.plain) == [.stored])
            #expect(loser.map(\.plain) == [.stored] || loser.map(\.plain) == [.superseded])
        }
        #expect(try Self.stored(fixture) == expected)
        #expect(try fixture.value("SELECT count(*) FROM event") == "\(Self.rounds)")
    }

    @Test func `a deletion and its target, saved at once, leave the deletion`() throws {
        let fixture = try PostgresFixture()
        let pairs = (0..<Self.rounds).map { round in
            let author = PublicKey.sample(round)
            let isAddress = round.isMultiple(of: 2)
            let target = Event.sample(
                by: author,
                kind: isAddress ? 30_023 : 1,
                at: 10,
                tags: [["d", "x"], ["t", "y"]]
            )
            let request =
                isAddress
                ? Event.deletion(by: author, at: 10, addresses: ["30023:\(author):x"])
                : Event.deletion(by: author, at: 5, of: [target])
            return (one: [target], two: [request])
        }
        let results = try Self.race(fixture, pairs)
        for result in results {
            #expect(result.two.map(\.plain) == [.stored])
            #expect(result.one.map(\.plain) == [.stored] || result.one.map(\.plain) == [.deleted])
        }
        #expect(try Self.stored(fixture) == Set(pairs.map(\.two[0].id)))
        // The requests have tags, and the targets have left none behind.
        let orphans = "SELECT count(*) FROM tag WHERE position NOT IN (SELECT position FROM event)"
        #expect(try fixture.value(orphans) == "0")
    }

    @Test(arguments: [20_262_011, 20_262_012] as [UInt64])
    func `the same events in another order are stored once each, by one of both`(seed: UInt64) throws {
        let fixture = try PostgresFixture()
        var random = SplitMix64(seed: seed)
        let batches = (0..<12).map { round in
            let events = (0..<200).map { number in
                Event.sample(by: .sample(random.below(30)), content: "\(round) \(number)")
            }
            // Each has some that the other has not.
            return (
                one: Array(events[..<180]).shuffled(using: &random), two: Array(events[20...]).shuffled(using: &random)
            )
        }
        let results = try Self.race(fixture, batches)
        for (batch, result) in zip(batches, results) {
            var times: [EventID: [SaveModel.Outcome]] = [:]
            for (event, outcome) in zip(batch.one + batch.two, result.one + result.two) {
                times[event.id, default: []].append(outcome.plain)
            }
            for outcomes in times.values {
                #expect(outcomes.count(where: { $0 == .stored }) == 1)
                #expect(outcomes.allSatisfy { $0 == .stored || $0 == .duplicate })
            }
        }
        #expect(try Self.stored(fixture) == Set(batches.flatMap { $0.one + $0.two }.map(\.id)))
    }

    @Test(arguments: [20_262_021, 20_262_022, 20_262_023] as [UInt64])
    func `whatever two nodes save at once, it is as if one had come after the other`(seed: UInt64) throws {
        let fixture = try PostgresFixture()
        var random = RandomEvents(seed: seed)
        var seen: [Event] = []
        func batch() -> [Event] {
            (0..<1 + random.generator.below(20)).map { _ in
                let event: Event
                switch random.generator.below(5) {
                case 0 where !seen.isEmpty: event = random.deletion(among: seen)
                case 1 where !seen.isEmpty: event = random.generator.pick(seen)
                default: event = random.event()
                }
                seen.append(event)
                return event
            }
        }
        let batches = (0..<Self.rounds).map { _ in
            var pair = (one: batch(), two: batch())
            // Some are the same in both.
            pair.two += random.generator.some(4, of: pair.one)
            return pair
        }
        let results = try Self.race(fixture, batches)
        var model = SaveModel()
        for (round, (batch, result)) in zip(batches, results).enumerated() {
            var (oneFirst, twoFirst) = (model, model)
            var outcomes = (one: batch.one.map { oneFirst.save($0) }, two: batch.two.map { oneFirst.save($0) })
            if outcomes.one == result.one.map(\.plain), outcomes.two == result.two.map(\.plain) {
                model = oneFirst
                continue
            }
            outcomes.two = batch.two.map { twoFirst.save($0) }
            outcomes.one = batch.one.map { twoFirst.save($0) }
            model = twoFirst
            try #require(outcomes.one == result.one.map(\.plain), "seed \(seed), round \(round)")
            try #require(outcomes.two == result.two.map(\.plain), "seed \(seed), round \(round)")
        }
        #expect(try Self.stored(fixture) == Set(model.stored.map(\.id)), "seed \(seed)")
    }

    @Test func `removals and saves at once leave no tag behind and no lock unanswered`() throws {
        let fixture = try PostgresFixture()
        let nodes = [try fixture.node(), try fixture.node(), try fixture.node()]
        let counts = try Threads.run(3) { number, meet in
            let writer = try nodes[number].openWriter()
            defer { writer.close() }
            var count = 0
            for round in 0..<Self.rounds {
                meet()
                if number == 2 {
                    count += try writer.removeExpired(at: 50, atMost: 7).count
                    continue
                }
                let events = (0..<20).map { index in
                    Event.sample(
                        by: .sample(index),
                        kind: index.isMultiple(of: 3) ? 30_023 : 1,
                        at: Int64(round * 2 + number),
                        tags: [["d", "x"], ["t", "y"], ["expiration", "\(index.isMultiple(of: 2) ? 40 : 60)"]],
                        content: "\(number) \(round)"
                    )
                }
                let rows = try writer.save(events).outcomes.compactMap(\.position)
                count += try writer.remove(positions: Array(rows.prefix(5)).reversed())
            }
            return count
        }
        #expect(counts.allSatisfy { $0 > 0 })
        let orphans = "SELECT count(*) FROM tag WHERE position NOT IN (SELECT position FROM event)"
        #expect(try fixture.value(orphans) == "0")
        let bare = "SELECT count(*) FROM event WHERE position NOT IN (SELECT position FROM tag)"
        #expect(try fixture.value(bare) == "0")
    }
}
