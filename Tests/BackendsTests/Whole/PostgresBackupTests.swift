import Foundation
import Nostr
import TestSupport
import Testing

@testable import Backends

@Suite(.needsPostgres) struct PostgresBackupTests {
    private func backup(_ store: TestStore, in folders: [String] = PostgresPrograms.folders) throws -> PostgresBackup {
        PostgresBackup(store: try #require(store.store as? PostgresStore), folders: folders)
    }

    /// Closes the store's sessions, does something, and opens them again.
    @discardableResult
    private func alone<Result>(_ store: TestStore, _ body: () throws -> Result) throws -> Result {
        store.writer.close()
        store.reader.close()
        let schema = Backend.schema(of: store.folder.url).name
        let connection = try PostgresServer.connect()
        let lock = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = hashtext('\(schema)')::oid"
        try PostgresServer.waitUntil { try connection.value(lock) == nil }
        let result = try body()
        try store.reopen()
        return result
    }

    private func schemas(like name: String) throws -> [String] {
        let sql = "SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname LIKE '\(name)%'"
        return try PostgresServer.connect().value(sql)?.split(separator: ",").map(String.init) ?? []
    }

    private func drop(_ name: String) throws {
        try PostgresServer.connect().execute("SET client_min_messages = warning; DROP SCHEMA \(name) CASCADE")
    }

    /// Events whose ids are their hashes: a file may hold no others.
    private func fill(_ store: TestStore) throws {
        var random = RandomBatches(seed: 20_261_212)
        for _ in 0..<60 {
            _ = try store.writer.save(random.next().filter { (try? Event(parsing: $0.json.span)) != nil })
        }
    }

    @Test(arguments: [true, false])
    func `what is restored is the same, and what was there is kept`(isDump: Bool) throws {
        let store = try TestStore(.postgres)
        try self.fill(store)
        let (path, ids) = (store.folder.path("b"), try store.allIDs())
        let folders = isDump ? PostgresPrograms.folders : []
        let made = try self.backup(store, in: folders).backup(to: path, replacing: false) { _ in }
        #expect(try made.contents == store.intake().contents() && made.bytes > 1_000)
        #expect(try PostgresDump.isOne(path) == isDump && SnapshotFile.isOne(path) != isDump)
        #expect(try store.folder.names() == ["b"])
        try store.save(.sample(content: "after the backup"))
        let restored = try self.alone(store) {
            try self.backup(store).restore(from: path, replacing: true) { _ in }
        }
        #expect(restored.contents == made.contents && restored.bytes > 1_000)
        #expect(try store.allIDs() == ids)
        let aside = try #require(restored.movedAside)
        let name = Backend.schema(of: store.folder.url).name
        #expect(try Set(self.schemas(like: String(name.prefix(36)))) == [name, aside] && aside.contains("_before_2"))
        try self.drop(aside)
        // Positions and numbers of authors go on.
        let fresh = (0..<5).map { Event.sample(by: .sample(1_000 + $0), content: "new") }
        #expect(try store.writer.save(fresh).outcomes.allSatisfy(\.isStored))
        #expect(try store.allIDs().count == ids.count + 5)
    }

    @Test func `nothing is restored while anybody uses the database, or over what it holds unasked`() throws {
        let store = try TestStore(.postgres)
        try self.fill(store)
        let path = store.folder.path("b")
        let backup = try self.backup(store)
        let contents = try backup.backup(to: path, replacing: false) { _ in }.contents
        let place = try PostgresURL(#require(Backend.postgresURL)).description
        for isForced in [true, false] {
            #expect(throws: StorageError.inUse(path: place)) {
                try backup.restore(from: path, replacing: isForced) { _ in }
            }
        }
        try self.alone(store) {
            #expect(throws: StorageError.holdsEvents(path: place, contents: contents)) {
                try backup.restore(from: path, replacing: false) { _ in }
            }
        }
        #expect(throws: StorageError.exists(path: path)) { try backup.backup(to: path, replacing: false) { _ in } }
        #expect(try store.intake().contents() == contents)
    }

    @Test func `nobody uses a database that is being restored`() throws {
        let store = try TestStore(.postgres)
        try self.alone(store) {
            let place = try PostgresPlace(#require(store.store as? PostgresStore))
            #expect(throws: StorageError.self) { try self.backup(store).store.openSnapshot() }
            #expect(throws: StorageError.self) { try store.store.openReader() }
            place.giveUp()
        }
        #expect(try store.allIDs().isEmpty)
    }

    @Test(arguments: [0, 4, 5, 100, 3_000, -1, -2_000])
    func `a dump that is cut off changes nothing`(count: Int) throws {
        let store = try TestStore(.postgres)
        try self.fill(store)
        let (path, ids) = (store.folder.path("b"), try store.allIDs())
        _ = try self.backup(store).backup(to: path, replacing: false) { _ in }
        let bytes = try store.folder.bytes(of: "b")
        try store.folder.write(Array(bytes[..<(count < 0 ? bytes.count + count : count)]), to: "b")
        try self.alone(store) {
            #expect(throws: StorageError.self) {
                try self.backup(store).restore(from: path, replacing: true) { _ in }
            }
        }
        #expect(try store.allIDs() == ids)
        let name = Backend.schema(of: store.folder.url).name
        #expect(try self.schemas(like: name) == [name])
    }

    @Test func `a dump that is damaged somewhere restores the same, or changes nothing`() throws {
        let store = try TestStore(.postgres)
        try self.fill(store)
        let (path, ids) = (store.folder.path("b"), try store.allIDs())
        _ = try self.backup(store).backup(to: path, replacing: false) { _ in }
        let bytes = try store.folder.bytes(of: "b")
        var random = SplitMix64(seed: 20_261_213)
        var refusals = 0
        try self.alone(store) {
            for _ in 0..<15 {
                var changed = bytes
                changed[random.below(bytes.count)] ^= UInt8(1 + random.below(255))
                try store.folder.write(changed, to: "b")
                let restored = try? self.backup(store).restore(from: path, replacing: true) { _ in }
                if let aside = restored?.movedAside { try self.drop(aside) } else { refusals += 1 }
            }
        }
        #expect(refusals > 5)
        #expect(try store.allIDs() == ids)
    }

    @Test func `what is no backup of PostgreSQL's is refused`() throws {
        let store = try TestStore(.postgres)
        let file = try SQLiteFile()
        _ = try SQLiteBackup(path: file.path).backup(to: store.folder.path("sqlite"), replacing: false) { _ in }
        try store.folder.write(Array("no backup".utf8), to: "text")
        for name in ["sqlite", "text", "absent"] {
            #expect(throws: StorageError.self) {
                try self.backup(store).restore(from: store.folder.path(name), replacing: true) { _ in }
            }
        }
    }

    @Test func `events of transactions that have yet to begin are settled when a session begins to write`() throws {
        let store = try TestStore(.postgres)
        let events = (0..<5).map { Event.sample(at: Int64($0)) }
        try store.storeAll(events)
        try store.execute("UPDATE event SET xid = (xid::text::int8 + 1000000000)::text::xid8 WHERE created_at < 3")
        try store.reopen()
        #expect(Set(try store.allIDs()) == Set(events.map(\.id)))
        let found = "SELECT count(*) FROM \(Backend.schema(of: store.folder.url).name).event WHERE xid = '1'"
        #expect(try PostgresServer.connect().value(found) == "3")
        try store.storeAll([.sample(content: "later")])
    }

    @Test func `a store that is not there has no snapshot`() throws {
        let url = try #require(Backend.postgresURL)
        let store = try PostgresStore(url, isPatient: false, schema: PostgresSchema(name: "absent_schema"))
        let known = PostgresSchema.version
        #expect(throws: StorageError.olderSchema(path: "the PostgreSQL database", found: 0, known: known)) {
            try store.openSnapshot()
        }
    }

    @Test(
        arguments: [
            ("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15), ("pg_dump (PostgreSQL) 17beta2\n", 17),
            ("pg_dump (PostgreSQL) ", nil), ("", nil), ("pg_dump 15", nil),
        ] as [(String, Int?)]
    )
    func `the version of a program is what it says`(text: String, version: Int?) {
        #expect(PostgresPrograms.version(in: text) == version)
    }

    @Test func `programs that are too old, or not there, are not used`() {
        #expect(PostgresPrograms.newest(atLeast: 10) != nil)
        #expect(PostgresPrograms.newest(atLeast: 99) == nil)
        #expect(PostgresPrograms.newest(in: ["/", "/absent"]) == nil)
    }

    @Test func `a password is passed on by the environment, and what is secret beside it not at all`() throws {
        let connection = try PostgresServer.connect()
        let url = try PostgresServer.url(query: "sslmode=disable&tcp_user_timeout=9000&connect_timeout=7")
        let access = try url.access(through: connection)
        #expect(access.environment["PGPASSWORD"] == url.options["password"])
        #expect(access.environment["PGSSLMODE"] == "disable" && access.environment["PGCONNECT_TIMEOUT"] == "7")
        #expect(access.arguments.contains("tcp_user_timeout='9000'"))
        #expect(!access.arguments.contains(try #require(url.options["password"])))
        let hosts = try PostgresServer.url(places: "127.0.0.1:1,\(PostgresServer.place())")
        #expect(try hosts.access(through: connection).environment["PGPORT"] == connection.place.port)
        let secret = try PostgresServer.url(query: "sslpassword=x")
        #expect(throws: StorageError.self) { try secret.access(through: connection) }
    }
}
