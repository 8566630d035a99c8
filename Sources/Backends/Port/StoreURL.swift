/// The `database` of the configuration.
public enum StoreURL {
    /// The store that a URL names: `sqlite:PATH`.
    ///
    /// - Parameters:
    ///   - pageCacheBytes: memory for cached pages, of all sessions together.
    ///   - readers: sessions that read.
    public static func store(_ url: String, pageCacheBytes: Int, readers: Int) throws(StorageError) -> any EventStore {
        guard url.hasPrefix("sqlite:"), url.count > 7 else { throw .unknownBackend(url) }
        let path = String(url.dropFirst(7))
        return SQLiteStore(path: path, pageCacheBytes: pageCacheBytes / (readers + 1))
    }
}
