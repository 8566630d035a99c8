import Nostr
import TestSupport
import Testing

@testable import Backends

/// What a transaction appends to the journal reaches the disk in large pieces, and not a moment too late.
@Suite struct GatheredWritesTests {
    private let disk = PowerCutDisk(seed: 20_261_891)
    private static let path = "events.db"

    private func store() -> SQLiteStore {
        var store = SQLiteStore(path: Self.path, pageCacheBytes: 8 << 20)
        store.vfs = self.disk.vfsName
        return store
    }

    private func writer(pagesInMemory: Int = 2_000) throws -> SQLiteWriter {
        let writer = try #require(self.store().openWriter() as? SQLiteWriter)
        try writer.database.execute("PRAGMA cache_size = \(pagesInMemory)")
        return writer
    }

    private static func events(_ count: Int, of author: Int = 0, content: String = "") -> [Event] {
        (0..<count).map { .sample(by: .sample(author), at: Int64($0), tags: [["t", "\($0)"]], content: content) }
    }

    private func isSound() throws -> Bool {
        let database = try Database(path: Self.path, mode: .read, vfs: self.disk.vfsName)
        return try database.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1
    }

    private func count() throws -> Int { try self.store().openReader().statistics().events }

    /// A transaction that is undone after it has written some of so many pages to the journal.
    private static func undo(with writer: SQLiteWriter, pages: Int) {
        #expect(throws: StorageError.busy) {
            try writer.database.transaction("BEGIN IMMEDIATE") { () throws(StorageError) in
                for number in 0..<pages {
                    try writer.database.execute("INSERT INTO deleted_event VALUES (randomblob(4000), \(number))")
                }
                throw .busy
            }
        }
    }

    @Test func `a transaction of many pages is a few writes to the journal`() throws {
        let writer = try self.writer()
        let before = self.disk.writes(to: "\(Self.path)-wal")
        _ = try writer.save(Self.events(1_000))
        let after = self.disk.writes(to: "\(Self.path)-wal")
        let pages = (after.bytes - before.bytes) / 4_120
        #expect(pages > 100)
        #expect(after.count - before.count <= 3 + pages / 30, "\(pages) pages")
    }

    @Test func `a batch that was refused because its sync failed is not found when the database is opened anew`() throws
    {
        do {
            let writer = try self.writer()
            _ = try writer.save(Self.events(3))
            self.disk.setSyncs(.failing(oneIn: 1))
            #expect(throws: StorageError.self) { try writer.save(Self.events(5, of: 1)) }
            // Closing cannot fold the journal into the file either.
        }
        self.disk.setSyncs(.honest)
        #expect(try self.count() == 3)
        let writer = try self.writer()
        _ = try writer.save(Self.events(7, of: 2))
        self.disk.cutPower()
        #expect(try self.count() == 10)
        #expect(try self.isSound())
    }

    @Test func `what a transaction wrote before it was undone is not written over what another session commits`() throws
    {
        let first = try self.writer(pagesInMemory: 10)
        let second = try self.writer()
        for round in 0..<5 {
            Self.undo(with: first, pages: 15 + 3 * round)
            _ = try second.save(Self.events(300, of: 1, content: "\(round)"))
            _ = try first.save(Self.events(40, of: 2, content: "\(round)"))
            #expect(try self.count() == 340 * (round + 1))
        }
        #expect(try self.isSound())
        self.disk.cutPower()
        #expect(try self.isSound())
        #expect(try self.count() == 1_700)
    }

    @Test func `a transaction reads what it has written before it commits`() throws {
        let writer = try self.writer(pagesInMemory: 5)
        let events = Self.events(1_000)
        _ = try writer.save(events + events)
        #expect(try self.count() == 1_000)
        self.disk.cutPower()
        #expect(try self.isSound())
        #expect(try self.count() == 1_000)
    }

    @Test(arguments: [5, 2_000])
    func `a full disk refuses what it has no room for, and takes it again when it has`(pagesInMemory: Int) throws {
        let writer = try self.writer(pagesInMemory: pagesInMemory)
        _ = try writer.save(Self.events(100, content: "before"))
        self.disk.setFailingWrites(oneIn: 1)
        for _ in 0..<3 {
            #expect(throws: StorageError.diskFull) { try writer.save(Self.events(200)) }
            #expect(try self.count() == 100)
        }
        self.disk.setFailingWrites(oneIn: nil)
        _ = try writer.save(Self.events(200))
        #expect(try self.count() == 300)
        self.disk.cutPower()
        #expect(try self.isSound())
        #expect(try self.count() == 300)
    }
}
