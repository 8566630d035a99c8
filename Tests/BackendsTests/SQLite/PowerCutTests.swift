import Nostr
import TestSupport
import Testing

@testable import Backends

/// The power goes at random moments of a disk that keeps only what was synced, and some of the rest.
///
/// A kill shows that nothing is answered before it is written; only this shows that nothing is answered before it is
/// durable.
@Suite struct PowerCutTests {
    /// Twenty disks that see ten cuts each; what a database went through before makes the next cut harder.
    @Test(arguments: 20_261_801...20_261_820 as ClosedRange<UInt64>)
    func `200 power cuts lose nothing that was saved, and leave no half of a batch`(seed: UInt64) throws {
        var machine = try Machine(seed: seed)
        for _ in 0..<10 { try machine.runUntilPowerCut() }
        #expect(machine.disk.cuts == 10)
        #expect(machine.lost == 0, "seed \(seed)")
    }

    @Test(arguments: 20_262_001...20_262_040 as ClosedRange<UInt64>)
    func `a disk whose syncs fail now and then loses nothing that was saved`(seed: UInt64) throws {
        var machine = try Machine(seed: seed, syncs: .failing(oneIn: 6))
        for _ in 0..<10 { try machine.runUntilPowerCut() }
        #expect(machine.failures > 0)
        #expect(machine.lost == 0, "seed \(seed)")
    }

    @Test(arguments: 20_261_871...20_261_880 as ClosedRange<UInt64>)
    func `a disk that is full now and then loses nothing that was saved, and is written to again`(seed: UInt64) throws {
        var machine = try Machine(seed: seed, failingWrites: 30)
        for _ in 0..<10 { try machine.runUntilPowerCut() }
        #expect(machine.failures > 0)
        #expect(machine.savedAfterFailure > 0)
        #expect(machine.lost == 0, "seed \(seed)")
    }

    /// What the tests above would say of a writer that does not wait for the disk.
    @Test func `a disk that lies about its syncs does lose events, so that the cuts are real`() throws {
        var lost = 0
        for seed in 20_261_831...20_261_850 as ClosedRange<UInt64> {
            var machine = try Machine(seed: seed, syncs: .lying)
            try machine.runUntilPowerCut()
            lost += machine.lost
        }
        #expect(lost > 5)
    }

    @Test func `a writer that does not wait for the disk loses events too`() throws {
        var lost = 0
        for seed in 20_261_861...20_261_870 as ClosedRange<UInt64> {
            var machine = try Machine(seed: seed, synchronous: "NORMAL")
            for _ in 0..<5 { try machine.runUntilPowerCut() }
            lost += machine.lost
        }
        #expect(lost > 5)
    }

    @Test func `batches under way at the cut are kept as a whole or not at all, and both happen`() throws {
        var kept = 0
        var gone = 0
        for seed in 20_261_851...20_261_860 as ClosedRange<UInt64> {
            var machine = try Machine(seed: seed)
            for _ in 0..<10 { try machine.runUntilPowerCut() }
            kept += machine.keptUnderWay
            gone += machine.goneUnderWay
        }
        #expect(kept > 0 && gone > 0, "kept \(kept), gone \(gone)")
    }
}

/// A writer on a disk whose power goes, and beside it the plain array that says what has to be there.
private struct Machine {
    let disk: PowerCutDisk
    private let syncs: PowerCutDisk.Syncs
    private let failingWrites: Int?
    private let synchronous: String
    private let store: SQLiteStore
    private var random: RandomEvents
    /// What was answered.
    private var saved = SaveModel()
    /// What may be there instead since the last answer: the same and one batch, under way or with a sync that failed.
    private var possible: [SaveModel] = []
    private var seen: [Event] = []
    private(set) var keptUnderWay = 0
    private(set) var goneUnderWay = 0
    /// Cuts after which something was not there, or something was that should not be.
    private(set) var lost = 0
    /// Batches that were refused while the power was on.
    private(set) var failures = 0
    /// Batches that were saved by a session that had refused one before.
    private(set) var savedAfterFailure = 0

    init(
        seed: UInt64,
        syncs: PowerCutDisk.Syncs = .honest,
        failingWrites: Int? = nil,
        synchronous: String = "FULL"
    ) throws {
        self.failingWrites = failingWrites
        self.synchronous = synchronous
        self.disk = PowerCutDisk(seed: seed)
        self.syncs = syncs
        var store = SQLiteStore(path: "events.db", pageCacheBytes: 0)
        store.vfs = self.disk.vfsName
        self.store = store
        self.random = RandomEvents(seed: seed)
    }

    /// Starts, works until the power goes, starts again and compares.
    mutating func runUntilPowerCut() throws {
        let cuts = self.disk.cuts
        self.disk.setSyncs(self.syncs)
        self.disk.setFailingWrites(oneIn: self.failingWrites)
        self.disk.cutPower(afterOperations: self.random.generator.below(self.random.generator.pick([20, 400])))
        // A process may end and start again before the power goes.
        while self.disk.cuts == cuts {
            do throws(StorageError) { try self.work() } catch { if self.disk.cuts == cuts { self.failures += 1 } }
        }
        do {
            self.disk.setSyncs(.honest)
            self.disk.setFailingWrites(oneIn: nil)
            try self.compare()
        } catch {
            self.lost += 1
        }
    }

    private mutating func work() throws(StorageError) {
        let session = try self.store.openWriter()
        let reader = try self.store.openReader()
        guard let writer = session as? SQLiteWriter else { return }
        // A batch that was refused late is in the file, if not on the disk: who opens it anew may find it.
        guard let found = try? reader.ids(answering: .everything()) else { throw .failed("the disk cannot be read") }
        if !self.settle(found) { self.lost += 1 }
        if self.synchronous != "FULL" { try writer.database.execute("PRAGMA synchronous = \(self.synchronous)") }
        // So that the journal is folded into the file often.
        try writer.database.execute("PRAGMA wal_autocheckpoint = \(self.random.generator.pick([5, 40, 1_000]))")
        // With few pages in memory a transaction writes some to the journal before it commits, and writes them anew.
        try writer.database.execute("PRAGMA cache_size = \(self.random.generator.pick([5, 10, 130]))")
        let failures = self.failures
        for _ in 0..<40 {
            switch self.random.generator.below(12) {
            case 0: try? writer.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            case 1: _ = try? reader.nextPage(of: .everything(), bounds: PageBounds(events: 20))
            default:
                if try self.save(with: writer), self.failures > failures { self.savedAfterFailure += 1 }
            }
        }
        session.close()
        reader.close()
    }

    /// Saves a batch; false where it was refused while the power was on.
    private mutating func save(with writer: SQLiteWriter) throws(StorageError) -> Bool {
        var batch: [Event] = []
        for _ in 0..<1 + self.random.generator.below(12) {
            switch self.random.generator.below(8) {
            case 0 where !self.seen.isEmpty: batch.append(self.random.deletion(among: self.seen))
            case 1 where !self.seen.isEmpty: batch.append(self.random.generator.pick(self.seen))
            default: batch.append(self.random.event())
            }
        }
        self.seen += batch
        var after = self.saved
        let expected = batch.map { after.save($0) }
        self.possible.append(after)
        let cuts = self.disk.cuts
        do throws(StorageError) {
            let outcomes = try writer.save(batch).outcomes
            if outcomes.map(\.plain) != expected { self.lost += 1 }
            self.saved = after
            self.possible = []
            return true
        } catch {
            // Whether it is there after a cut shows when the database is opened again.
            guard self.disk.cuts == cuts else { throw error }
            self.failures += 1
            return false
        }
    }

    /// Opens what the cut left. Where it is neither what was answered nor that and one batch more, it is a loss.
    private mutating func compare() throws {
        let session = try self.store.openWriter()
        defer { session.close() }
        let reader = try self.store.openReader()
        let database = try Database(path: self.store.path, mode: .read, vfs: self.disk.vfsName)
        let isSound = try database.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1
        let found = try reader.ids(answering: .everything())
        let isWhole = try reader.statistics().events == found.count
        let underWay = self.possible.isEmpty ? nil : Self.ids(of: self.saved)
        let isRight = self.settle(found)
        if let underWay {
            if underWay == Self.ids(of: self.saved) { self.goneUnderWay += 1 } else { self.keptUnderWay += 1 }
        }
        if !isRight || !isSound || !isWhole { self.lost += 1 }
    }

    /// Takes note of what is there: what was saved, or that and one batch that was refused or under way; false where it
    /// is neither.
    private mutating func settle(_ found: [EventID]) -> Bool {
        defer { self.possible = [] }
        guard found != Self.ids(of: self.saved) else { return true }
        guard let after = self.possible.first(where: { found == Self.ids(of: $0) }) else { return false }
        self.saved = after
        return true
    }

    private static func ids(of model: SaveModel) -> [EventID] { QueryModel(model.stored).answer([Filter()]) }
}
