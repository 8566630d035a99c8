import Nostr
import Testing

@testable import Backends

/// Records in files that databases are restored from.
@Suite struct RecordSnapshotTests {
    private let changes = [
        RecordChange(.put(Array(#"{"since":1}"#.utf8)), section: "member", key: "a"),
        RecordChange(.put([0xFF]), section: "audit", key: "tab\t back\\ line\n \u{8}\u{B}\u{C}\r 燕"),
        RecordChange(.strike, section: "member", key: "gone"),
    ]

    private static let header = #"{"martlet":"snapshot","version":2,"backend":"sqlite","created_at":1}"#
    private static let end = #"{"end":{"events":0,"deleted_events":0,"deleted_addresses":0,"records":1}}"#
    private static let member = #"{"record":{"section":"member","key":"a","revision":4,"value":{"since":1}}}"#

    private func restored(_ lines: [String], in folder: TemporaryFolder) throws -> BackupSummary {
        try folder.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: "lines")
        return try SQLiteBackup(path: folder.path("new.db")).restore(from: folder.path("lines"), replacing: false) {
            _ in
        }
    }

    private func record(in folder: TemporaryFolder) throws -> Record? {
        let reader = try SQLiteStore(path: folder.path("new.db"), pageCacheBytes: 1 << 20).openReader()
        defer { reader.close() }
        return try reader.record("a", in: "member")
    }

    @Test func `a file with records is restored`() throws {
        let folder = try TemporaryFolder()
        #expect(
            try self.restored([Self.header, Self.member, Self.end], in: folder).contents == StoreContents(records: 1)
        )
        let value = Array(#"{"since":1}"#.utf8)
        #expect(try self.record(in: folder) == Record(section: "member", key: "a", value: value, revision: 4))
    }

    @Test func `a file of the first version is restored`() throws {
        let folder = try TemporaryFolder()
        let lines = [
            Self.header.replacing("\"version\":2", with: "\"version\":1"),
            #"{"end":{"events":0,"deleted_events":0,"deleted_addresses":0}}"#,
        ]
        #expect(try self.restored(lines, in: folder).contents.isEmpty)
    }

    @Test(arguments: [
        ([Self.header, String(Self.member.dropLast(9)), Self.end], "line 2 holds a record that is cut off"),
        (
            [Self.header, Self.member.replacing("member", with: "no word"), Self.end],
            "line 2 holds a record whose section"
        ),
        ([Self.header, Self.member.replacing(":4", with: ":\"4\""), Self.end], "line 2 holds a record whose revision"),
        ([Self.header, Self.member, Self.member, Self.end], "line 3 holds a record of an earlier revision"),
        ([Self.header, Self.member.replacing("record", with: "rekord"), Self.end], "line 2 is none of a snapshot"),
        ([Self.header, Self.end], "its last line does not say"),
        ([Self.header, Self.member], "it is cut off after line 2"),
        (
            [Self.header.replacing("\"version\":2", with: "\"version\":3"), Self.member, Self.end],
            "it is a snapshot of version 3, and this version of Martlet knows up to 2"
        ),
    ])
    func `what is wrong with a file is told by its line, and nothing is made`(lines: [String], reason: String) throws {
        let folder = try TemporaryFolder()
        #expect {
            try self.restored(lines, in: folder)
        } throws: { error in
            "\(error)".contains(reason)
        }
        #expect(try folder.names() == ["lines"])
    }

    @Test func `a line that is too long is told by its number`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("x\n".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 65 << 20), to: "lines")
        let lines = try FileLines(folder.path("lines"))
        _ = try lines.next()
        #expect {
            try lines.next()
        } throws: { error in
            "\(error)".contains("line 2 is longer than")
        }
    }

    @Test func `a database that holds nothing but records is replaced only where that is asked for`() throws {
        let folder = try TemporaryFolder()
        let file = try SQLiteFile()
        _ = try file.writer.apply(self.changes)
        let copy = folder.path("b")
        _ = try SQLiteBackup(path: file.path).backup(to: copy, replacing: false) { _ in }
        file.writer.close()
        let other = try SQLiteFile()
        _ = try other.writer.apply([self.changes[0]])
        let contents = try other.writer.contents()
        #expect(contents == StoreContents(records: 1) && !contents.isEmpty)
        #expect(contents.description.hasSuffix(", 1 records"))
        let restored = try SQLiteBackup(path: folder.path("x.db")).restore(from: copy, replacing: false) { _ in }
        #expect(restored.contents == StoreContents(records: 3))
        #expect(throws: StorageError.holdsEvents(path: folder.path("x.db"), contents: StoreContents(records: 3))) {
            try SQLiteBackup(path: folder.path("x.db")).restore(from: copy, replacing: false) { _ in }
        }
    }

    @Test(.needsPostgres) func `a dump of PostgreSQL's tells of records what the tables do`() throws {
        let store = try TestStore(.postgres)
        _ = try store.writer.apply(self.changes)
        let backup = PostgresBackup(store: try #require(store.store as? PostgresStore))
        let path = store.folder.path("b")
        let summary = try backup.backup(to: path, replacing: false) { _ in }
        #expect(summary.contents == StoreContents(records: 3))
        let dump = PostgresDump(path, Backend.schema(of: store.folder.url), try #require(PostgresPrograms.newest()))
        try dump.read { _ in }
        let snapshot = try store.transfer().openSnapshot()
        defer { snapshot.close() }
        var digest = ContentDigest()
        for item in try snapshot.next(atMost: 100) { digest.add(item) }
        #expect(dump.digest == digest && dump.contents == snapshot.contents)
    }
}
