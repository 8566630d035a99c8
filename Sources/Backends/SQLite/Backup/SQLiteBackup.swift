import Glibc

/// Backups of an SQLite database: one file, which is a whole database of its own.
struct SQLiteBackup: StoreBackup {
    let path: String
    /// The file system by SQLite's name for it; nil is the machine's own.
    var vfs: String?

    func backup(
        to target: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary {
        guard try !DatabaseFiles(self.path).contain(target) else {
            throw .file(path: target, act: "written", reason: "it is the database itself")
        }
        let isThere = try FileSystem.exists(target)
        guard replacing || !isThere else { throw .exists(path: target) }
        let source = try Database(path: self.path, mode: .read, vfs: self.vfs)
        let file = try IncompleteFile(for: target)
        if let status = try FileSystem.status(self.path) { file.resemble(status) }
        let contents = try self.copy(source, to: file, progress)
        let isTaken = try FileSystem.exists(target)
        guard replacing || !isTaken else { throw .exists(path: target) }
        try DatabaseFiles(target).removeJournals()
        try file.publish(replacing: replacing)
        return BackupSummary(contents: contents, bytes: file.size)
    }

    func restore(
        from backup: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary {
        let files = DatabaseFiles(self.path)
        guard try FileSystem.exists(backup) else {
            throw .file(path: backup, act: "read", reason: String(cString: strerror(ENOENT)))
        }
        guard try !files.contain(backup) else {
            throw .file(path: backup, act: "restored", reason: "it is the database itself")
        }
        let isSnapshot = try SnapshotFile.isOne(backup)
        if !isSnapshot { try Self.check(backup: backup) }
        // A refusal comes before the work, and once more after it.
        _ = try self.occupant(replacing: replacing)
        try SQLiteStore(path: self.path, pageCacheBytes: 0).makeDirectory()
        let file = try IncompleteFile(for: self.path)
        let contents: StoreContents
        if isSnapshot {
            contents = try self.build(file, from: backup, progress)
        } else {
            contents = try self.copy(Database(path: backup, mode: .immutable), to: file, progress)
        }
        let aside = try self.replaceOccupant(by: file, replacing: replacing)
        return BackupSummary(contents: contents, bytes: file.size, movedAside: aside)
    }

    /// Copies a database as it is at this moment, has the copy reach the disk, and looks it through.
    private func copy(
        _ source: Database,
        to file: IncompleteFile,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> StoreContents {
        try DatabaseFiles(file.path).removeJournals()
        let contents = try source.transaction("BEGIN") { () throws(StorageError) in
            _ = try Schema.identify(source)
            let contents = try source.contents()
            let copy = try Database(path: file.path, mode: .write)
            // Nobody else knows of the file, and what is not whole is thrown away.
            try copy.execute("PRAGMA journal_mode = OFF")
            try copy.execute("PRAGMA synchronous = OFF")
            try copy.takePages(of: source, progress: progress)
            return contents
        }
        return try self.checked(file, holds: contents, from: source.path, progress)
    }

    /// Has a file reach the disk, and looks it through.
    ///
    /// - Parameter source: where it was made from, and what is wrong with it comes from.
    func checked(
        _ file: IncompleteFile,
        holds contents: StoreContents,
        from source: String,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> StoreContents {
        try file.sync()
        progress(.checking)
        let copy = try Database(path: file.path, mode: .immutable)
        _ = try Schema.identify(copy)
        if let damage = try copy.damage() { throw .damaged(path: source, reason: damage) }
        let found = try copy.contents()
        guard found == contents else {
            throw .damaged(path: source, reason: "the copy holds \(found) instead of \(contents)")
        }
        return contents
    }

    /// Fails unless a file is a database that nobody has open, and all of it.
    private static func check(backup: String) throws(StorageError) {
        guard try !DatabaseFiles(backup).haveJournal() else {
            let reason = "a journal stands beside it, so it is a database in use, or a copy of one; use martlet backup"
            throw .file(path: backup, act: "restored", reason: reason)
        }
        let source = try Database(path: backup, mode: .immutable)
        _ = try Schema.identify(source)
        let bytes = try (FileSystem.status(backup)?.st_size ?? 0, source.expectedBytes())
        guard bytes.0 == bytes.1 else {
            throw .damaged(path: backup, reason: "it has \(bytes.0) bytes instead of \(bytes.1)")
        }
    }

    /// What stands where the database is to be made.
    private struct Occupant {
        let lock: ExclusiveLock
        let status: stat
        /// Whether there is something in it that is kept under another name.
        let isKept: Bool
    }

    /// Locks out others from the database that is there, if one is, and says whether it holds anything.
    private func occupant(replacing: Bool) throws(StorageError) -> Occupant? {
        guard let status = try FileSystem.status(self.path) else { return nil }
        _ = try ExclusiveLock(self.path)
        let isKept: Bool
        do throws(StorageError) {
            let contents = try self.foldedContents()
            guard replacing || contents.isEmpty else { throw .holdsEvents(path: self.path, contents: contents) }
            isKept = !contents.isEmpty
        } catch {
            guard replacing else { throw error }
            isKept = true
        }
        return Occupant(lock: try ExclusiveLock(self.path), status: status, isKept: isKept)
    }

    /// How an SQLite file begins (its file format, 1.3).
    private static let magic = Array("SQLite format 3\0".utf8)

    /// What the database holds; its journal is folded into it on the way.
    private func foldedContents() throws(StorageError) -> StoreContents {
        let beginning = try FileSystem.beginning(of: self.path, Self.magic.count)
        if beginning.isEmpty, try !DatabaseFiles(self.path).haveJournal() { return StoreContents() }
        // SQLite would throw away a journal that lies beside what it takes for no database of its own.
        guard beginning == Self.magic else { throw .notOurs(path: self.path) }
        let database = try Database(path: self.path, mode: .read, vfs: self.vfs)
        _ = try Schema.identify(database)
        try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return try database.contents()
    }

    /// Gives the file the database's name; what holds something goes aside first. Returns where it went.
    private func replaceOccupant(by file: IncompleteFile, replacing: Bool) throws(StorageError) -> String? {
        let files = DatabaseFiles(self.path)
        guard let occupant = try self.occupant(replacing: replacing) else {
            try files.removeJournals()
            try file.publish(replacing: false)
            return nil
        }
        defer { withExtendedLifetime(occupant.lock) {} }
        file.resemble(occupant.status)
        let aside = occupant.isKept ? try files.moveAside(Self.stamp()) : nil
        if try files.haveJournal() {
            // What could not be folded belongs to the old file, and no moment may show it beside another.
            try FileSystem.remove(self.path)
        }
        try files.removeJournals()
        try file.publish(replacing: true)
        return aside
    }

    /// This moment in UTC, for the name of a file.
    private static func stamp() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y%m%dT%H%M%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
