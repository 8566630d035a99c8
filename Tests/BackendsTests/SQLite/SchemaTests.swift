import Nostr
import Testing

@testable import Backends

@Suite struct SchemaTests {
    @Test func `a new file says whose it is and which schema it has`() throws {
        let file = try SQLiteFile()
        let stranger = try file.stranger()
        #expect(try stranger.number("PRAGMA application_id") == 0x4D52_544C)
        #expect(try stranger.number("PRAGMA user_version") == Int64(Schema.version))
        #expect(try stranger.number("PRAGMA page_size") == 4_096)
        #expect(try stranger.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1)
        #expect(try file.writer.database.number("PRAGMA synchronous") == 2, "OK means durable")
        #expect(try file.writer.database.number("PRAGMA secure_delete") == 0)
        #expect(try stranger.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1)
    }

    @Test func `the folders that the file stands in are made`() throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("a/b/c/events.db"), pageCacheBytes: 0)
        #expect(try store.openWriter().save([.sample()]).outcomes.count == 1)
        #expect(try folder.names() == ["a"])
    }

    @Test func `an empty file becomes a store, and opening it again changes nothing in it`() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "events.db")
        let store = SQLiteStore(path: folder.path("events.db"), pageCacheBytes: 0)
        _ = try store.openWriter().save([.sample(content: "a")])
        let bytes = try folder.bytes(of: "events.db")
        _ = try store.openWriter()
        #expect(try store.openReader().statistics().events == 1)
        #expect(try folder.bytes(of: "events.db") == bytes)
        #expect(try folder.names() == ["events.db"])
    }

    @Test func `a writer that closes folds the journal into the file, beside readers too`() throws {
        let file = try SQLiteFile()
        for number in 0..<3 {
            let event = Event.sample(at: Int64(number))
            _ = try file.writer.save([event])
            #expect(file.writer.database.journalBytes > 0)
            file.writer.close()
            #expect(file.writer.database.journalBytes == 0)
            let copy = try TemporaryFolder()
            try copy.write(file.folder.bytes(of: "events.db"), to: "events.db")
            let reader = try SQLiteStore(path: copy.path("events.db"), pageCacheBytes: 0).openReader()
            #expect(try reader.ids(Filter()).first == event.id)
            #expect(try file.reader.ids(Filter()).first == event.id)
        }
    }

    @Test func `each database has a key of its own for its hashes, and keeps it`() throws {
        let (one, other) = (try SQLiteFile(), try SQLiteFile())
        let hash = try SipHash(of: one.reader.database)
        let again = try SipHash(of: one.stranger())
        let different = try SipHash(of: other.reader.database)
        #expect(hash.key == again.key)
        #expect(hash.key != different.key)
    }

    @Test func `a reader makes no file, changes no schema and cannot write`() throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("events.db"), pageCacheBytes: 0)
        #expect(throws: StorageError.self) { try store.openReader() }
        #expect(try folder.names().isEmpty)
        try folder.write([], to: "events.db")
        #expect(throws: StorageError.notOurs(path: folder.path("events.db"))) { try store.openReader() }
        #expect(try folder.bytes(of: "events.db").isEmpty)
        let file = try SQLiteFile()
        #expect(throws: StorageError.self) { try file.reader.database.execute("DELETE FROM event") }
        #expect(file.reader.database.isIdle)
    }

    @Test func `two sessions that find an empty file make one schema`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("events.db")
        let late = try Database(path: path, mode: .write)
        // As if the other process had come first between two looks at the file.
        #expect(try late.number("PRAGMA user_version") == 0)
        _ = try SQLiteStore(path: path, pageCacheBytes: 0).openWriter().save([.sample()])
        try Schema.migrate(late)
        #expect(try SQLiteReader(late).statistics().events == 1)
    }
}
