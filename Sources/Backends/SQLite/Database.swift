import CGatheredWAL
import CSQLite
import Glibc
import Nostr

/// One connection to an SQLite file, used by one thread at a time.
final class Database {
    enum Mode {
        case write, read
        /// For a file that nobody writes to, which alone is the database: no other file beside it is read or made.
        case immutable
    }

    let path: String
    let handle: OpaquePointer
    /// Statements that begin and end transactions.
    private var kept: [String: Statement] = [:]

    /// Opens the file; in `write` mode it is made where there is none.
    ///
    /// - Parameter vfs: the name under which SQLite knows the file system to use, where it is not the machine's own.
    init(path: String, mode: Mode, vfs: String? = nil) throws(StorageError) {
        Self.prepareSQLite
        self.path = path
        // SQLite appends each page to its journal with two small writes; gathered, they cost a third.
        let gathered = mode == .write ? gathered_wal_vfs(vfs).map { String(cString: $0) } : nil
        let access =
            switch mode {
            case .write: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .read: SQLITE_OPEN_READWRITE
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        var handle: OpaquePointer?
        let status = sqlite3_open_v2(
            mode == .immutable ? Self.immutableURI(path) : path,
            &handle,
            access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
            gathered ?? vfs
        )
        guard status == SQLITE_OK, let handle else {
            let reason = Self.reason(status, handle)
            sqlite3_close_v2(handle)
            throw .cannotOpen(path: path, reason: reason)
        }
        self.handle = handle
        // SQLite's own waiting looks ever less often, and would miss the gaps between the transactions of an import.
        sqlite3_busy_handler(handle, Self.wait, nil)
    }

    /// What is to be said to SQLite before anything else.
    private static let prepareSQLite: Void = { sqlite3_keep_no_memory_statistics() }()

    /// Waits for another connection to let go: looks 200 times a second, for five seconds.
    private static let wait: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { _, attempts in
        guard attempts < 1_000 else { return 0 }
        usleep(5_000)
        return 1
    }

    /// The URI by which SQLite takes a file for one that does not change (its documentation, "URI filenames").
    private static func immutableURI(_ path: String) -> String {
        let plain = path.utf8.map { byte in
            switch byte {
            case 0x2D...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: String(UnicodeScalar(byte))
            default: "%" + Hex.string([byte])
            }
        }
        return "file:\(plain.joined())?immutable=1"
    }

    deinit { sqlite3_close_v2(self.handle) }

    /// Runs statements that give no rows.
    func execute(_ sql: String) throws(StorageError) {
        let status = sqlite3_exec(self.handle, sql, nil, nil, nil)
        guard status == SQLITE_OK else { throw self.error(status) }
    }

    /// Prepares a statement that is kept for the life of the connection.
    func prepare(_ sql: String) throws(StorageError) -> Statement {
        var statement: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let status = sqlite3_prepare_v3(self.handle, sql, -1, flags, &statement, nil)
        guard status == SQLITE_OK, let statement else { throw self.error(status) }
        return Statement(statement, of: self)
    }

    /// The first column of the first row, as a whole number.
    func number(_ sql: String) throws(StorageError) -> Int64 {
        let statement = try self.prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Runs a statement that gives no rows and is kept for the next time.
    private func run(_ sql: String) throws(StorageError) {
        if let statement = self.kept[sql] { return try statement.run() }
        let statement = try self.prepare(sql)
        self.kept[sql] = statement
        try statement.run()
    }

    /// Runs `body` in a transaction that is undone where it throws.
    func transaction<Result>(
        _ begin: String,
        _ body: () throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try self.run(begin)
        do {
            let result = try body()
            try self.run("COMMIT")
            return result
        } catch {
            // A failed COMMIT of a full disk leaves the transaction open, other failures may have ended it already.
            if sqlite3_get_autocommit(self.handle) == 0 { try? self.execute("ROLLBACK") }
            throw error
        }
    }

    /// Whether the file that is open is no longer the one that the path names.
    var hasMoved: Bool {
        var hasMoved: Int32 = 0
        sqlite3_file_control(self.handle, nil, SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        return hasMoved != 0
    }

    /// The failure that a status of this connection stands for.
    func error(_ status: Int32) -> StorageError {
        let reason = Self.reason(status, self.handle)
        switch status & 0xFF {
        case SQLITE_FULL: return .diskFull
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy
        case SQLITE_NOTADB: return .notOurs(path: self.path)
        case SQLITE_CORRUPT: return .damaged(path: self.path, reason: reason)
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: return .cannotOpen(path: self.path, reason: reason)
        case SQLITE_IOERR where sqlite3_system_errno(self.handle) == ENOSPC: return .diskFull
        default: return .failed(reason)
        }
    }

    private static func reason(_ status: Int32, _ handle: OpaquePointer?) -> String {
        let text = handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(status)
        let message = text.map { String(cString: $0) } ?? "status \(status)"
        guard let handle, sqlite3_system_errno(handle) != 0 else { return message }
        return "\(message) (\(String(cString: strerror(sqlite3_system_errno(handle)))))"
    }
}

extension Database {
    /// Bytes of the write-ahead log beside the file.
    var journalBytes: Int {
        var status = stat()
        return stat(self.path + "-wal", &status) == 0 ? Int(status.st_size) : 0
    }
}
