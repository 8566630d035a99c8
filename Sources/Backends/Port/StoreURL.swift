/// The `database` of the configuration.
public enum StoreURL {
    /// The store that a URL names: `sqlite:PATH`.
    ///
    /// - Parameters:
    ///   - pageCacheBytes: memory for cached pages, of all sessions together.
    ///   - readers: sessions that read.
    ///   - memoryMapBytes: how much of the file may be mapped into memory by the sessions that read.
    public static func store(
        _ url: String,
        pageCacheBytes: Int,
        memoryMapBytes: Int = 0,
        readers: Int
    ) throws(StorageError) -> any EventStore {
        guard url.hasPrefix("sqlite:"), url.count > 7 else { throw .unknownBackend(url) }
        let path = String(url.dropFirst(7))
        let share = pageCacheBytes / (readers + 1)
        return SQLiteStore(path: path, pageCacheBytes: share, memoryMapBytes: memoryMapBytes)
    }
}
