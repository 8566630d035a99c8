import Nostr
import Testing

@testable import Backends

/// A transaction that fails is undone as a whole, and the session goes on.
@Suite struct FailedTransactionTests {
    private static let batch = [
        Event.sample(by: .sample(50), at: 1, tags: [["t", "x"]]), .sample(by: .sample(51), kind: 0, at: 2),
        .sample(by: .sample(0), kind: 30_023, at: 3, tags: [["d", "x"]]), .deletion(at: 4, of: [.sample(content: "a")]),
    ]

    /// Checks that nothing of the batch is there, and that it can be saved now at `position`.
    private static func expectRecovery(
        of file: SQLiteFile,
        at position: Int64,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(file.writer.database.isIdle, sourceLocation: sourceLocation)
        #expect(try file.reader.ids(.sample(until: 100)).isEmpty, sourceLocation: sourceLocation)
        #expect(
            try file.reader.ids(.sample(ids: [Event.sample(content: "a").id])).count == 1,
            sourceLocation: sourceLocation
        )
        let result = try file.writer.save(Self.batch)
        #expect(
            result.outcomes == (0..<4).map { .stored(position: CommitPosition(integerLiteral: position + $0)) },
            sourceLocation: sourceLocation
        )
        #expect(result.removed.count == 1, sourceLocation: sourceLocation)
        for event in Self.batch {
            let filter = Filter.sample(authors: [event.pubkey], kinds: [event.kind])
            #expect(try file.reader.ids(filter) == [event.id], sourceLocation: sourceLocation)
        }
        let check = try file.stranger().number("SELECT integrity_check = 'ok' FROM pragma_integrity_check")
        #expect(check == 1, sourceLocation: sourceLocation)
        #expect(try file.writer.takeForeignEvents(atMost: 10).isEmpty, sourceLocation: sourceLocation)
    }

    private static func file() throws -> SQLiteFile {
        let file = try SQLiteFile()
        _ = try file.writer.save([.sample(content: "a")])
        return file
    }

    @Test(arguments: ["tag", "address", "event", "author", "deleted_event"])
    func `a batch that fails half way leaves no trace, not in the authors either`(table: String) throws {
        let file = try Self.file()
        let stranger = try file.stranger()
        try stranger.execute("ALTER TABLE \(table) RENAME TO gone")
        for _ in 0..<3 { #expect(throws: StorageError.self) { try file.writer.save(Self.batch) } }
        try stranger.execute("ALTER TABLE gone RENAME TO \(table)")
        try Self.expectRecovery(of: file, at: 2)
    }

    @Test func `a full disk is said, undone and survived`() throws {
        let file = try Self.file()
        let pages = try file.writer.database.number("PRAGMA page_count")
        _ = try file.writer.database.number("PRAGMA max_page_count = \(pages)")
        let text = String(repeating: "x", count: 50_000)
        for _ in 0..<3 {
            #expect(throws: StorageError.diskFull) {
                try file.writer.save(Self.batch + [.sample(at: 5, content: text), .sample(at: 6, content: text + "y")])
            }
        }
        #expect(file.writer.database.isIdle)
        #expect(try file.writer.remove(positions: [99]) == 0)
        _ = try file.writer.database.number("PRAGMA max_page_count = 1000000")
        try Self.expectRecovery(of: file, at: 2)
    }

    @Test func `a commit that fails is undone`() throws {
        let file = try Self.file()
        let stranger = try file.stranger()
        // The constraint is looked at by COMMIT and not before.
        try stranger.execute(
            """
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER fail AFTER INSERT ON event BEGIN INSERT INTO child VALUES (new.position); END
            """
        )
        try file.writer.database.execute("PRAGMA foreign_keys = ON")
        for _ in 0..<3 {
            let error = #expect(throws: StorageError.self) { try file.writer.save(Self.batch) }
            guard case .failed = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        try stranger.execute("DROP TRIGGER fail")
        try Self.expectRecovery(of: file, at: 2)
    }

    @Test func `a database that another process holds is busy, and free again afterwards`() throws {
        let file = try Self.file()
        try file.writer.database.execute("PRAGMA busy_timeout = 1")
        let stranger = try file.stranger()
        try stranger.execute("BEGIN IMMEDIATE")
        for _ in 0..<3 { #expect(throws: StorageError.busy) { try file.writer.save(Self.batch) } }
        #expect(throws: StorageError.busy) { try file.writer.remove(positions: [1]) }
        #expect(try file.reader.ids(Filter()).count == 1, "readers are not held up")
        #expect(try file.writer.takeForeignEvents(atMost: 1).isEmpty)
        try stranger.execute("ROLLBACK")
        try Self.expectRecovery(of: file, at: 2)
    }

    @Test func `foreign events that could not be read are handed over when they can`() throws {
        let file = try Self.file()
        let other = try file.store.openWriter()
        _ = try other.save([.sample(at: 1_000, content: "b"), .sample(at: 1_000, content: "c")])
        #expect(try file.writer.takeForeignEvents(atMost: 1).map(\.position) == [2])
        let stranger = try file.stranger()
        for table in ["event", "meta"] {
            _ = try other.save([.sample(at: 1_000, content: table)])
            try stranger.execute("ALTER TABLE \(table) RENAME TO gone")
            for _ in 0..<2 { #expect(throws: StorageError.self) { try file.writer.takeForeignEvents(atMost: 10) } }
            try stranger.execute("ALTER TABLE gone RENAME TO \(table)")
        }
        #expect(try file.writer.takeForeignEvents(atMost: 10).map(\.position) == [3, 4, 5])
    }

    @Test func `a position that a failed batch would have had goes to the next event`() throws {
        let file = try Self.file()
        let stranger = try file.stranger()
        try stranger.execute("ALTER TABLE tag RENAME TO gone")
        #expect(throws: StorageError.self) { try file.writer.save(Self.batch) }
        try stranger.execute("ALTER TABLE gone RENAME TO tag")
        let other = try file.store.openWriter()
        #expect(try other.save([.sample(content: "b")]).outcomes == [.stored(position: 2)])
        #expect(try file.writer.save([.sample(content: "c")]).outcomes == [.stored(position: 3)])
        #expect(try file.writer.takeForeignEvents(atMost: 9).map(\.position) == [2])
    }
}
