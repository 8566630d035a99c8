import Glibc
import Nostr

/// The embedded backend: one SQLite file in WAL mode, one writer, readers that see snapshots.
struct SQLiteStore: EventStore {
    let path: String
    /// Memory for cached pages of each session.
    let pageCacheBytes: Int
    /// How much of the file the sessions that read map into memory: the system's cache is read without a copy.
    var memoryMapBytes = 0
    /// Pages of the journal after which it is folded into the file: more of them are written once instead of often.
    var journalPages = 2_000
    /// The file system by SQLite's name for it; nil is the machine's own.
    var vfs: String?

    func openWriter() throws(StorageError) -> any StoreWriter { try self.openSQLiteWriter() }

    func openSQLiteWriter() throws(StorageError) -> SQLiteWriter {
        try self.makeDirectory()
        let database = try Database(path: self.path, mode: .write, vfs: self.vfs)
        try Schema.migrate(database)
        try self.configure(database)
        try database.execute("PRAGMA wal_autocheckpoint = \(self.journalPages)")
        return try SQLiteWriter(database)
    }

    func openReader() throws(StorageError) -> any StoreReader { try self.openSQLiteReader() }

    private func openSQLiteReader() throws(StorageError) -> SQLiteReader {
        let database = try Database(path: self.path, mode: .read, vfs: self.vfs)
        try Schema.check(database)
        try self.configure(database)
        try database.execute("PRAGMA query_only = ON")
        try database.execute("PRAGMA mmap_size = \(self.memoryMapBytes)")
        return try SQLiteReader(database)
    }

    func openIndexer(kinds: KindRanges) throws(StorageError) -> any StoreIndexer {
        // It reads like a session that reads, and gathers no pages of the journal: it does not wait for the disk.
        let database = try Database(path: self.path, mode: .read, vfs: self.vfs)
        try Schema.check(database)
        try self.configure(database)
        try database.execute("PRAGMA synchronous = NORMAL")
        try database.execute("PRAGMA wal_autocheckpoint = \(self.journalPages)")
        return try SQLiteIndexer(database, kinds: kinds)
    }

    var version: Int64? { nil }

    func openAnnouncer() -> (any StoreAnnouncer)? { nil }

    func openFollower() -> (any StoreFollower)? { nil }

    func openQuickReader() throws(StorageError) -> (any StoreReader)? {
        let reader = try self.openSQLiteReader()
        try reader.database.execute("PRAGMA busy_timeout = 0")
        return reader
    }

    /// Debian builds SQLite to overwrite what is deleted with zeros: twice the writing, and nothing here is secret.
    private func configure(_ database: Database) throws(StorageError) {
        try database.execute("PRAGMA secure_delete = OFF")
        try database.execute("PRAGMA temp_store = MEMORY")
        try database.execute("PRAGMA cache_size = -\(max(self.pageCacheBytes / 1024, 512))")
    }

    /// Makes the directories that the file stands in, and has them outlive a power cut.
    ///
    /// SQLite syncs the directory of the file itself, and not those above it.
    func makeDirectory() throws(StorageError) {
        var parent = ""
        for component in self.path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            let above = parent.isEmpty ? "." : parent
            parent += component + "/"
            guard parent != "/" else { continue }
            if mkdir(parent, 0o755) == 0 {
                let directory = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                fsync(directory)
                close(directory)
            } else if errno != EEXIST {
                throw .cannotOpen(path: self.path, reason: "\(parent): \(String(cString: strerror(errno)))")
            }
        }
    }
}
