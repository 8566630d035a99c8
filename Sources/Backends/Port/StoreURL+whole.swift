extension StoreURL {
    /// What makes backups of the store that a URL names, and restores it.
    public static func backup(_ url: String) throws(StorageError) -> any StoreBackup {
        guard !Self.isPostgres(url) else { return PostgresBackup(store: try PostgresStore(url, isPatient: false)) }
        return SQLiteBackup(path: try Self.sqlitePath(url))
    }

    /// The store that a URL names, to be handed over whole or to take another.
    public static func transfer(_ url: String) throws(StorageError) -> any StoreTransfer {
        guard !Self.isPostgres(url) else { return try PostgresStore(url, isPatient: false) }
        return SQLiteStore(path: try Self.sqlitePath(url), pageCacheBytes: 256 << 20, journalPages: 32_000)
    }

    private static func sqlitePath(_ url: String) throws(StorageError) -> String {
        guard url.hasPrefix("sqlite:"), url.count > 7 else { throw .unknownBackend(url) }
        return String(url.dropFirst(7))
    }
}
