extension SQLiteBackup {
    /// Makes a new database in a file from the lines of a snapshot, and looks it through.
    func build(
        _ file: IncompleteFile,
        from snapshot: String,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> StoreContents {
        let files = DatabaseFiles(file.path)
        try files.removeJournals()
        defer { try? files.removeJournals() }
        let contents = try Self.fill(file.path, from: snapshot, progress)
        return try self.checked(file, holds: contents, from: snapshot, progress)
    }

    private static func fill(
        _ path: String,
        from snapshot: String,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> StoreContents {
        let store = SQLiteStore(path: path, pageCacheBytes: 256 << 20, journalPages: 32_000)
        let writer = try store.openSQLiteWriter()
        // Nobody else knows of the file, and what is not whole is thrown away.
        try writer.database.execute("PRAGMA synchronous = OFF")
        var events = 0
        let contents = try SnapshotFile.read(snapshot) { (items) throws(StorageError) in
            events += try writer.take(items).stored
            progress(.writing(events: events, of: nil))
        }
        try writer.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return contents
    }
}
