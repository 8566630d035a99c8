import Nostr

/// The statements that fetch a stream's next entries, one per index and direction.
final class StreamStatements {
    private struct Pair {
        let newestFirst: Statement
        let oldestFirst: Statement

        /// - Parameter source: `FROM` and the conditions that fix the prefix.
        init(_ database: Database, columns: String, source: String) throws(StorageError) {
            self.newestFirst = try database.prepare(
                """
                SELECT \(columns) FROM \(source) (created_at, tie, position) < (?1, ?2, ?3) AND created_at >= ?4
                ORDER BY created_at DESC, tie DESC, position DESC
                """
            )
            self.oldestFirst = try database.prepare(
                """
                SELECT \(columns) FROM \(source) (created_at, tie, position) > (?1, ?2, ?3) AND created_at <= ?4
                ORDER BY created_at, tie, position
                """
            )
        }

        func statement(_ direction: StoredQuery.Direction) -> Statement {
            direction == .newestFirst ? self.newestFirst : self.oldestFirst
        }
    }

    private let tag: Pair
    private let author: Pair
    private let kind: Pair
    private let time: Pair

    init(_ database: Database) throws(StorageError) {
        let columns = "created_at, tie, position"
        self.tag = try Pair(database, columns: columns + ", kind", source: "tag WHERE hash = ?5 AND")
        self.author = try Pair(
            database,
            columns: columns,
            source: "event INDEXED BY event_by_author WHERE author = ?5 AND kind = ?6 AND"
        )
        self.kind = try Pair(
            database,
            columns: columns,
            source: "event INDEXED BY event_by_kind WHERE kind = ?5 AND"
        )
        self.time = try Pair(database, columns: columns, source: "event INDEXED BY event_by_time WHERE")
    }

    /// How many index rows one fetch looks at before it hands over what it found, be it nothing.
    private static let maximumRows = 4_096

    /// Fetches a stream's next entries; returns how many index rows were looked at.
    func fill(_ stream: inout IndexStream, in window: IndexWindow) throws(StorageError) -> Int {
        guard let statement = self.bound(stream.prefix, window.direction) else {
            stream.isExhausted = true
            return 0
        }
        let isNewestFirst = window.direction == .newestFirst
        let start =
            stream.last
            ?? IndexEntry(
                createdAt: isNewestFirst ? window.until : window.since,
                tie: isNewestFirst ? .max : .min,
                position: isNewestFirst ? .max : .min
            )
        statement.bind(1, start.createdAt)
        statement.bind(2, start.tie)
        statement.bind(3, start.position)
        statement.bind(4, isNewestFirst ? window.since : window.until)
        defer { statement.reset() }

        var rows = 0
        stream.entries.removeAll(keepingCapacity: true)
        stream.next = 0
        while stream.entries.count < stream.chunk, rows < Self.maximumRows {
            guard try statement.step() else {
                stream.isExhausted = true
                break
            }
            rows += 1
            let entry = IndexEntry(
                createdAt: statement.integer(0),
                tie: statement.integer(1),
                position: statement.integer(2)
            )
            stream.last = entry
            guard entry.position <= window.snapshot else { continue }
            if case .tag = stream.prefix, let kinds = window.kinds,
                !kinds.contains(Kind(UInt16(truncatingIfNeeded: statement.integer(3))))
            {
                continue
            }
            stream.entries.append(entry)
        }
        stream.chunk = min(stream.chunk * 2, 512)
        return rows
    }

    private func bound(_ prefix: IndexStream.Prefix, _ direction: StoredQuery.Direction) -> Statement? {
        switch prefix {
        case .list: return nil
        case .tag(let hash, _, _):
            let statement = self.tag.statement(direction)
            statement.bind(5, hash)
            return statement
        case .author(let number, let kind):
            let statement = self.author.statement(direction)
            statement.bind(5, number)
            statement.bind(6, Int64(kind.rawValue))
            return statement
        case .kind(let kind):
            let statement = self.kind.statement(direction)
            statement.bind(5, Int64(kind.rawValue))
            return statement
        case .time: return self.time.statement(direction)
        }
    }
}
