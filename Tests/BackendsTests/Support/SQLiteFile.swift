import CSQLite
import Nostr

@testable import Backends

/// An SQLite store with its sessions as what they are, and room for what only SQLite can be asked.
final class SQLiteFile {
    let writer: SQLiteWriter
    let reader: SQLiteReader
    let store: SQLiteStore
    let folder: TemporaryFolder

    var path: String { self.folder.path("events.db") }

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = SQLiteStore(path: self.folder.path("events.db"), pageCacheBytes: 4 << 20)
        let writer = try self.store.openWriter() as? SQLiteWriter
        let reader = try self.store.openReader() as? SQLiteReader
        guard let writer, let reader else { throw StorageError.failed("not SQLite's sessions") }
        (self.writer, self.reader) = (writer, reader)
    }

    /// A connection of another program.
    func stranger() throws -> Database { try Database(path: self.path, mode: .write) }
}

extension Database {
    /// All prepared statements of the connection.
    var statements: [OpaquePointer] {
        var statements: [OpaquePointer] = []
        while let next = sqlite3_next_stmt(self.handle, statements.last) { statements.append(next) }
        return statements
    }

    /// Statements that were stepped and not reset: while there is one, its transaction is not over.
    var busyStatements: [String] {
        self.statements.filter { sqlite3_stmt_busy($0) != 0 }.map { String(cString: sqlite3_sql($0)) }
    }

    /// Whether no transaction is open, not even one that only reads.
    var isIdle: Bool { sqlite3_txn_state(self.handle, nil) == SQLITE_TXN_NONE && self.busyStatements.isEmpty }

    /// Steps of SQLite's virtual machine that all statements have made since this was asked last.
    func takeSteps() -> Int {
        self.statements.reduce(0) { $0 + Int(sqlite3_stmt_status($1, SQLITE_STMTSTATUS_VM_STEP, 1)) }
    }

    /// What `EXPLAIN QUERY PLAN` says of a statement.
    func plan(of sql: String) throws -> [String] {
        let statement = try self.prepare("EXPLAIN QUERY PLAN " + sql)
        var lines: [String] = []
        while try statement.step() { lines.append(String(decoding: statement.bytes(3), as: UTF8.self)) }
        return lines
    }
}
