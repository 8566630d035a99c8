import Nostr
import TestSupport
import Testing

@testable import Backends

/// Databases of earlier versions of the program.
@Suite struct SchemaStepTests {
    /// A database as version 1 made it, with these events as it kept them.
    private static func makeFirstVersion(_ path: String, _ batches: [[Event]]) throws {
        let database = try Database(path: path, mode: .write)
        try database.execute("PRAGMA journal_mode = WAL")
        try database.transaction("BEGIN IMMEDIATE") { () throws(StorageError) in
            try database.execute(Schema.steps[0])
            try database.execute("PRAGMA application_id = \(Schema.applicationID)")
            try database.execute("PRAGMA user_version = 1")
        }
        // What it keeps of events has not changed since; the tables of later versions it has not.
        let folder = try TemporaryFolder()
        let writer = try SQLiteStore(path: folder.path("new.db"), pageCacheBytes: 0).openWriter()
        for batch in batches { _ = try writer.save(batch) }
        writer.close()
        try database.execute("ATTACH '\(folder.path("new.db"))' AS new; DELETE FROM meta")
        try database.execute("INSERT INTO meta SELECT * FROM new.meta WHERE name IN ('hash_key', 'last_position')")
        for table in ["author", "event", "tag", "address", "deleted_event", "deleted_address"] {
            try database.execute("INSERT INTO \(table) SELECT * FROM new.\(table)")
        }
        try database.execute("DETACH new")
        #expect(try database.number("PRAGMA user_version") == 1)
        try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private static func schema(of database: Database) throws -> [String] {
        let statement = try database.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        var lines: [String] = []
        while try statement.step() { lines.append(String(decoding: statement.bytes(0), as: UTF8.self)) }
        return lines
    }

    @Test(arguments: [41, 42] as [UInt64])
    func `a database of version 1 is brought up to date and answers the same`(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = RandomEvents(seed: seed)
        let batches = (0..<6).map { _ in
            var batch = (0..<80).map { _ in random.event() }
            batch.append(random.deletion(among: batch))
            return batch
        }
        try Self.makeFirstVersion(folder.path("events.db"), batches)
        let store = SQLiteStore(path: folder.path("events.db"), pageCacheBytes: 0)
        #expect(throws: StorageError.olderSchema(path: folder.path("events.db"), found: 1, known: Schema.version)) {
            try store.openReader()
        }
        let writer = try store.openWriter()
        let reader = try store.openReader()

        // The same events in a database that was never of version 1.
        let fresh = try SQLiteFile()
        for batch in batches { _ = try fresh.writer.save(batch) }
        let database = try Database(path: folder.path("events.db"), mode: .write)
        #expect(try Self.schema(of: database) == Self.schema(of: fresh.stranger()))
        #expect(try database.number("PRAGMA user_version") == Int64(Schema.version))
        #expect(try database.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1)

        var model = SaveModel()
        for event in batches.flatMap({ $0 }) { _ = model.save(event) }
        var filters = RandomFilters(seed: seed &+ 1, for: model.stored)
        for number in 0..<300 {
            let direction: StoredQuery.Direction = number % 3 == 0 ? .oldestFirst : .newestFirst
            let query = StoredQuery.of([filters.filter(), filters.filter()], direction: direction)
            let answer = try reader.ids(answering: query)
            try #require(try answer == fresh.reader.ids(answering: query), "seed \(seed), query \(number)")
        }
        #expect(try reader.ids(answering: .everything()) == QueryModel(model.stored).answer([Filter()]))

        // What was deleted and replaced before stays so.
        for event in batches.flatMap({ $0 }) {
            let outcome = try writer.save([event]).outcomes
            #expect(try outcome == fresh.writer.save([event]).outcomes)
        }
    }

    @Test func `a step that fails leaves the database as it was, and the next start makes it`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("events.db")
        try Self.makeFirstVersion(path, [[.sample()]])
        let spoiler = try Database(path: path, mode: .write)
        // In the second step's way, after it has dropped an index.
        try spoiler.execute("DROP INDEX event_by_kind")
        let before = try Self.schema(of: spoiler)
        let store = SQLiteStore(path: path, pageCacheBytes: 0)
        #expect(throws: StorageError.self) { try store.openWriter() }
        #expect(try spoiler.number("PRAGMA user_version") == 1)
        #expect(try Self.schema(of: spoiler) == before)
        try spoiler.execute("CREATE INDEX event_by_kind ON event (kind, created_at, tie)")
        _ = try store.openWriter()
        #expect(try store.openReader().ids(Filter()).count == 1)
    }
}
