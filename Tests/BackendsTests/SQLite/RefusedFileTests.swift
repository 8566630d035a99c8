import Foundation
import Testing

@testable import Backends

/// A file that is not Martlet's, or newer than this binary, is refused by both sessions, and no byte of it changes.
@Suite struct RefusedFileTests {
    private static let name = "events.db"

    /// Checks that both sessions refuse the file with `error` and leave the folder as it is.
    private static func expectRefusal(
        in folder: TemporaryFolder,
        _ error: (_ path: String) -> StorageError,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = folder.path(Self.name)
        let store = SQLiteStore(path: path, pageCacheBytes: 1 << 20)
        let bytes = try folder.bytes(of: Self.name)
        let names = try folder.names()
        for _ in 0..<2 {
            #expect(throws: error(path), sourceLocation: sourceLocation) { _ = try store.openWriter() }
            #expect(throws: error(path), sourceLocation: sourceLocation) { _ = try store.openReader() }
        }
        #expect(try folder.bytes(of: Self.name) == bytes, sourceLocation: sourceLocation)
        #expect(try folder.names() == names, sourceLocation: sourceLocation)
    }

    /// Makes a file with statements of another program.
    private static func make(_ statements: String, in folder: TemporaryFolder) throws {
        try Database(path: folder.path(Self.name), mode: .write).execute(statements)
    }

    @Test(arguments: ["DELETE", "WAL"])
    func `a newer schema is refused`(journal: String) throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteStore(path: folder.path(Self.name), pageCacheBytes: 0).openWriter().save([.sample()])
        try Self.make("PRAGMA user_version = \(Schema.version + 1); PRAGMA journal_mode = \(journal)", in: folder)
        try Self.expectRefusal(in: folder) { .newerSchema(path: $0, found: Schema.version + 1, known: Schema.version) }
    }

    @Test(arguments: ["DELETE", "WAL"])
    func `another program's database is refused`(journal: String) throws {
        let folder = try TemporaryFolder()
        try Self.make(
            "PRAGMA journal_mode = \(journal); CREATE TABLE event (id); INSERT INTO event VALUES (1)",
            in: folder
        )
        try Self.expectRefusal(in: folder) { .notOurs(path: $0) }
    }

    @Test func `an empty database with another program's mark is refused`() throws {
        let folder = try TemporaryFolder()
        try Self.make("PRAGMA application_id = 7; VACUUM", in: folder)
        try Self.expectRefusal(in: folder) { .notOurs(path: $0) }
    }

    @Test func `a file that is no database is refused`() throws {
        let texts = ["xy", "not a database", String(repeating: "no database\n", count: 1_000), "SQLite format 3\0"]
        for text in texts {
            let folder = try TemporaryFolder()
            try folder.write(Array(text.utf8), to: Self.name)
            try Self.expectRefusal(in: folder) { .notOurs(path: $0) }
        }
    }

    @Test(arguments: [-1, -9] as [Int64])
    func `a schema number below all schemas is damage, not a trap`(number: Int64) throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteStore(path: folder.path(Self.name), pageCacheBytes: 0).openWriter()
        try Self.make("PRAGMA user_version = \(number)", in: folder)
        #expect(throws: StorageError.self) {
            _ = try SQLiteStore(path: folder.path(Self.name), pageCacheBytes: 0).openWriter()
        }
        #expect(throws: StorageError.self) {
            _ = try SQLiteStore(path: folder.path(Self.name), pageCacheBytes: 0).openReader()
        }
    }

    @Test func `a folder, a path below a file and a path of nothing cannot be opened`() throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "file")
        for path in [folder.url.path, folder.path("file/events.db"), folder.path("file/a/b/events.db"), "/proc/x/y"] {
            let store = SQLiteStore(path: path, pageCacheBytes: 0)
            for open in [{ _ = try store.openWriter() }, { _ = try store.openReader() }] as [() throws -> Void] {
                let error = #expect(throws: StorageError.self) { try open() }
                guard case .cannotOpen(path, let reason) = error else {
                    Issue.record("\(path): \(String(describing: error))")
                    continue
                }
                #expect(!reason.isEmpty)
            }
        }
        #expect(try folder.names() == ["file"])
        #expect(try folder.bytes(of: "file") == [1, 2, 3])
    }

    @Test func `no error tells a client a path or a statement`() {
        let path = "/secret/path"
        let errors: [StorageError] = [
            .unknownBackend(path), .cannotOpen(path: path, reason: path), .notOurs(path: path),
            .newerSchema(path: path, found: 9, known: 1), .olderSchema(path: path, found: 0, known: 1),
            .damaged(path: path, reason: path), .diskFull, .busy, .unavailable(path),
            .rejected(sqlstate: "22003", message: "SELECT " + path), .failed("SELECT " + path),
        ]
        for error in errors {
            #expect(!error.publicText.contains(path) && !error.publicText.contains("SELECT"))
            #expect(!error.publicText.isEmpty && !error.description.isEmpty)
        }
    }
}
