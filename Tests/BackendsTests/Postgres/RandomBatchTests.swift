import Nostr
import Testing

@testable import Backends

@Suite struct RandomBatchTests {
    @Test(arguments: 20_261_101...20_261_106 as ClosedRange<UInt64>)
    func `a batch judged in memory comes to what SQLite makes of it event by event`(seed: UInt64) throws {
        let store = try JudgedStore()
        var random = RandomBatches(seed: seed)
        var counts: [String: Int] = [:]
        for number in 0..<600 {
            let batch = random.next()
            let saved = try store.save(batch, "seed \(seed), batch \(number)")
            for verdict in saved.verdicts { counts["\(verdict)".prefix { $0 != "(" }.description, default: 0] += 1 }
            counts["gone at once", default: 0] += saved.removed.count - saved.effects.deletedRows.count
            counts["removed", default: 0] += saved.effects.deletedRows.count
            if number % 20 == 0 { try store.compare("seed \(seed), up to batch \(number)") }
        }
        try store.compare("seed \(seed)")
        for name in ["stored", "duplicate", "superseded", "deleted", "gone at once", "removed"] {
            #expect(counts[name, default: 0] > 100, "the sample must show what is \(name), seed \(seed)")
        }
    }

    @Test(arguments: [20_261_111, 20_261_112] as [UInt64])
    func `how events are cut into batches makes no difference`(seed: UInt64) throws {
        var random = RandomBatches(seed: seed)
        let events = (0..<120).flatMap { _ in random.next() }
        var whole = MemoryDatabase()
        let verdicts = try whole.save(events).verdicts
        for size in [1, 7, 50] {
            var database = MemoryDatabase()
            var found: [SaveVerdict] = []
            for start in stride(from: 0, to: events.count, by: size) {
                found += try database.save(Array(events[start..<min(start + size, events.count)])).verdicts
            }
            #expect(found == verdicts, "seed \(seed), size \(size)")
            #expect(database.rows == whole.rows, "seed \(seed), size \(size)")
            #expect(database.versions == whole.versions, "seed \(seed), size \(size)")
            #expect(database.deletedEvents == whole.deletedEvents, "seed \(seed), size \(size)")
            #expect(database.deletedAddresses == whole.deletedAddresses, "seed \(seed), size \(size)")
        }
    }
}
