/// The `database` of the configuration.
public enum StoreURL {
    /// What is wrong with the URL of a PostgreSQL database, without its password; nil where nothing is.
    public static func problem(with url: String) -> String? {
        do throws(StorageError) {
            _ = try PostgresURL(url)
            return nil
        } catch .cannotOpen(_, let reason) {
            return reason
        } catch {
            return "\(error)"
        }
    }

    static func isPostgres(_ url: String) -> Bool {
        url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
    }

    /// The store that a URL names: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// - Parameters:
    ///   - pageCacheBytes: memory for cached pages, of all sessions together.
    ///   - readers: sessions that read.
    ///   - isBulk: whether a great many events are written at once, which may take more memory and a longer journal.
    ///   - isPatient: whether sessions are opened although the server of the database does not answer yet.
    ///   - memoryMapBytes: how much of the file may be mapped into memory by the sessions that read.
    public static func store(
        _ url: String,
        pageCacheBytes: Int,
        memoryMapBytes: Int = 0,
        readers: Int,
        isBulk: Bool = false,
        isPatient: Bool = false
    ) throws(StorageError) -> any EventStore {
        if Self.isPostgres(url) {
            return try PostgresStore(url, isPatient: isPatient, isBulk: isBulk)
        }
        guard url.hasPrefix("sqlite:"), url.count > 7 else { throw .unknownBackend(url) }
        let path = String(url.dropFirst(7))
        let share = pageCacheBytes / (readers + 1)
        return SQLiteStore(
            path: path,
            pageCacheBytes: isBulk ? max(share, 256 << 20) : share,
            memoryMapBytes: memoryMapBytes,
            journalPages: isBulk ? 32_000 : 2_000
        )
    }
}
