import Backends
import Foundation
import Nostr
import Testing

@testable import Martlet

@Suite("A migration")
struct MigrationTests {
    private let keys = KeyPair.random()

    private func event(_ kind: Kind, _ tags: [[String]] = [], at second: Int64 = 1_000) throws -> Event {
        try #require(Event.signed(by: self.keys, kind: kind, tags: tags, content: "", createdAt: second))
    }

    private func withStores(_ body: (_ source: String, _ target: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "migration-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = "sqlite:\(folder.path())/source.db"
        let writer = try StoreURL.store(source, pageCacheBytes: 1 << 20, readers: 1).openWriter()
        let note = try self.event(1)
        _ = try writer.save([note, try self.event(5, [["e", note.id.hex]]), try self.event(0), try self.event(7)])
        writer.close()
        try body(source, "sqlite:\(folder.path())/target.db")
    }

    private func migrate(_ source: String, _ target: any StoreTransfer, merges: Bool = false) throws -> Migration.Report
    {
        let migration = Migration(source: try StoreURL.transfer(source), target: target, merges: merges)
        return try migration.run { _ in }
    }

    @Test("copies everything and says so")
    func copies() throws {
        try self.withStores { source, target in
            let report = try self.migrate(source, try StoreURL.transfer(target))
            #expect(report.read.contents == StoreContents(events: 3, deletedEvents: 1))
            #expect(report.text == "migrated 3 events, 1 deleted events, 0 deleted addresses, all compared,")
        }
    }

    @Test("fills what holds something only where it is told to")
    func merges() throws {
        try self.withStores { source, target in
            let store = try StoreURL.transfer(target)
            _ = try self.migrate(source, store)
            let held = StoreContents(events: 3, deletedEvents: 1)
            #expect(throws: MigrationError.targetHolds(held)) { try self.migrate(source, store) }
            #expect(try self.migrate(source, store, merges: true).taken.duplicate == 3)
        }
    }

    /// A store that loses one thing on the way.
    private struct LosingStore: StoreTransfer {
        let store: any StoreTransfer

        final class Intake: StoreIntake {
            let intake: any StoreIntake
            init(_ intake: any StoreIntake) { self.intake = intake }
            func contents() throws(StorageError) -> StoreContents { try self.intake.contents() }
            func take(_ items: [StoredItem]) throws(StorageError) -> IntakeSummary {
                try self.intake.take(Array(items.dropLast()))
            }
            func close() { self.intake.close() }
        }

        func owns(_ path: String) throws(StorageError) -> Bool { false }
        func openSnapshot() throws(StorageError) -> any StoreSnapshot { try self.store.openSnapshot() }
        func openIntake() throws(StorageError) -> any StoreIntake { Intake(try self.store.openIntake()) }
    }

    @Test("carries records, and says what became of them")
    func carriesRecords() throws {
        try self.withStores { source, target in
            let store = try StoreURL.store(source, pageCacheBytes: 1 << 20, readers: 1)
            let writer = try store.openWriter()
            defer { writer.close() }
            let put = RecordChange(.put(Array("{}".utf8)), section: "member", key: "a")
            _ = try writer.apply([put, RecordChange(.strike, section: "member", key: "b")])
            let held = "3 events, 1 deleted events, 0 deleted addresses, 2 records"
            let report = try self.migrate(source, try StoreURL.transfer(target))
            #expect(report.text == "migrated \(held), all compared,")
            _ = try writer.apply([put, RecordChange(.put(Array("1".utf8)), section: "member", key: "c")])
            let merged = try self.migrate(source, try StoreURL.transfer(target), merges: true)
            #expect(merged.text.hasSuffix("records taken 1, the same 2, kept as the target has them 0"))
        }
    }

    @Test("fails where the copy is not the same")
    func differs() throws {
        try self.withStores { source, target in
            let store = LosingStore(store: try StoreURL.transfer(target))
            let expected = StoreContents(events: 3, deletedEvents: 1)
            #expect(throws: MigrationError.differs(StoreContents(events: 3), expected: expected)) {
                try self.migrate(source, store)
            }
        }
    }
}
