import Nostr
import TestSupport
import Testing

@testable import Backends

@Suite struct RandomSaveTests {
    @Test(arguments: Backend.allCases, [20_260_801, 20_260_802, 20_260_803] as [UInt64])
    func `whatever arrives in whatever batches has the outcome that a plain array gives it`(
        backend: Backend,
        seed: UInt64
    ) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        var model = SaveModel()
        var seen: [Event] = []
        var counts: [SaveModel.Outcome: Int] = [:]
        for _ in 0..<80 {
            var batch: [Event] = []
            for _ in 0..<1 + random.generator.below(20) {
                switch random.generator.below(8) {
                case _ where random.generator.once(in: 60): batch.append(random.farewell())
                case 0 where !seen.isEmpty: batch.append(random.deletion(among: seen))
                case 1...2 where !seen.isEmpty: batch.append(random.generator.pick(seen))
                default: batch.append(random.event())
                }
                seen.append(batch[batch.count - 1])
            }
            let before = Set(model.stored.map(\.id))
            let foretold = try store.reader.standings(of: [batch[0]])[0]
            let expected = batch.map { model.save($0) }
            let result = try store.writer.save(batch)
            try #require(result.outcomes.map(\.plain) == expected, "seed \(seed)")
            switch foretold {
            case .stored: #expect(expected[0] == .duplicate)
            case .superseded: #expect(expected[0] == .superseded)
            case nil: #expect([.stored, .deleted, .vanished].contains(expected[0]))
            }
            let after = Set(model.stored.map(\.id))
            let removed = Set(result.removed.map(\.id))
            #expect(removed.isSuperset(of: before.subtracting(after)))
            #expect(removed.isDisjoint(with: after) && removed.isSubset(of: seen.map(\.id)))
            #expect(removed.count == result.removed.count)
            for outcome in expected { counts[outcome, default: 0] += 1 }
        }
        #expect(try store.allIDs() == QueryModel(model.stored).answer([Filter()]), "seed \(seed)")
        #expect(try store.reader.statistics().events == model.stored.count)
        for outcome in [.stored, .duplicate, .superseded, .deleted, .vanished] as [SaveModel.Outcome] {
            #expect(counts[outcome, default: 0] > 20, "the sample must show every outcome")
        }
    }

    @Test(arguments: Backend.allCases, [20_260_811, 20_260_812] as [UInt64])
    func `without deletions every order of arrival leaves the same events`(backend: Backend, seed: UInt64) throws {
        var random = RandomEvents(seed: seed)
        let events = (0..<150).map { _ in random.event() }
        let first = try TestStore(backend)
        for event in events { try first.save(event) }
        let expected = try first.allIDs()
        for _ in 0..<4 {
            let store = try TestStore(backend)
            let shuffled = events.shuffled(using: &random.generator)
            for start in stride(from: 0, to: shuffled.count, by: 7) {
                _ = try store.writer.save(Array(shuffled[start..<min(start + 7, shuffled.count)]))
            }
            #expect(try store.allIDs() == expected, "seed \(seed)")
        }
    }
}
