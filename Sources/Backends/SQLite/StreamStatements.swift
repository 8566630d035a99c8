import Nostr

/// The statements that fetch a stream's next entries, one per index and direction.
final class StreamStatements {
    private struct Pair {
        let newestFirst: Statement
        let oldestFirst: Statement

        /// - Parameters:
        ///   - source: `FROM` and the conditions that fix the prefix.
        ///   - table: where `created_at` and `tie` stand, and a dot; empty where that is clear.
        init(_ database: Database, columns: String, source: String, table: String = "") throws(StorageError) {
            let (second, tie) = ("\(table)created_at", "\(table)tie")
            self.newestFirst = try database.prepare(
                """
                SELECT \(columns) FROM \(source) (\(second), \(tie)) < (?1, ?2) AND \(second) >= ?3
                ORDER BY \(second) DESC, \(tie) DESC
                """
            )
            self.oldestFirst = try database.prepare(
                """
                SELECT \(columns) FROM \(source) (\(second), \(tie)) > (?1, ?2) AND \(second) <= ?3
                ORDER BY \(second), \(tie)
                """
            )
        }

        func statement(_ direction: StoredQuery.Direction) -> Statement {
            direction == .newestFirst ? self.newestFirst : self.oldestFirst
        }
    }

    /// The statements of one of two uses: index entries, or whole rows.
    private struct Set {
        let tag: Pair
        let author: Pair
        let kind: Pair
        let time: Pair

        init(_ database: Database, columns: String, tag: Pair) throws(StorageError) {
            self.tag = tag
            self.author = try Pair(
                database,
                columns: columns,
                source: "event INDEXED BY event_by_author WHERE author = ?4 AND kind = ?5 AND"
            )
            self.kind = try Pair(
                database,
                columns: columns,
                source: "event INDEXED BY event_by_kind WHERE kind = ?4 AND"
            )
            self.time = try Pair(database, columns: columns, source: "event INDEXED BY event_by_time WHERE")
        }
    }

    private let entries: Set
    private let rows: Set

    init(_ database: Database) throws(StorageError) {
        let entry = "created_at, tie, position"
        self.entries = try Set(
            database,
            columns: entry + ", author",
            tag: Pair(database, columns: entry + ", kind", source: "tag WHERE hash = ?4 AND")
        )
        self.rows = try Set(
            database,
            columns: entry + ", json, kind, expires_at",
            tag: Pair(
                database,
                columns: "tag.created_at, tag.tie, tag.position, json, tag.kind, expires_at",
                source: "tag CROSS JOIN event ON event.position = tag.position WHERE hash = ?4 AND",
                table: "tag."
            )
        )
    }

    /// How many index rows one fetch looks at before it hands over what it found, be it nothing.
    private static let maximumRows = 4_096
    /// The same where strangers' events are passed over, which may turn out to be the wrong way.
    private static let maximumScannedRows = 512

    /// Fetches a stream's next entries; returns how many index rows were looked at.
    ///
    /// Entries that tie, by second and tie, are fetched together: the next fetch goes on behind them.
    func fill(_ stream: inout IndexStream, in window: IndexWindow) throws(StorageError) -> Int {
        stream.entries.removeAll(keepingCapacity: true)
        stream.next = 0
        guard let statement = self.bound(self.entries, stream, in: window) else {
            stream.isExhausted = true
            return 0
        }
        defer { statement.reset() }
        let isTag = if case .tag = stream.prefix { true } else { false }
        let members = isTag ? nil : window.members
        let kinds = isTag ? window.kinds : nil
        let maximumRows = members == nil ? Self.maximumRows : Self.maximumScannedRows
        var last = IndexEntry.newest
        var rows = 0
        while true {
            guard try statement.step() else {
                stream.isExhausted = true
                break
            }
            let entry = Self.entry(of: statement)
            if stream.entries.count >= stream.chunk || rows >= maximumRows, !entry.ties(with: last) { break }
            rows += 1
            last = entry
            guard window.snapshot.includes(entry.position) else { continue }
            if let members, !members.contains(statement.integer(3)) { continue }
            if let kinds, !kinds.contains(Kind(UInt16(truncatingIfNeeded: statement.integer(3)))) { continue }
            stream.entries.append(entry)
        }
        if rows > 0 { stream.last = last }
        stream.chunk = min(stream.chunk * 2, 512)
        return rows
    }

    /// Passes over a stream's next entries, `count` of them but for ties.
    func tally(
        _ stream: inout IndexStream,
        in window: IndexWindow,
        atMost count: Int,
        leavingOut positions: Swift.Set<Int64>
    ) throws(StorageError) -> Tally {
        var tally = Tally()
        guard let statement = self.bound(self.entries, stream, in: window) else {
            stream.isExhausted = true
            return tally
        }
        defer { statement.reset() }
        while try statement.step() {
            let entry = Self.entry(of: statement)
            if tally.passed >= count, stream.last.map({ !entry.ties(with: $0) }) ?? true { return tally }
            stream.last = entry
            tally.passed += 1
            if positions.isEmpty || !positions.contains(entry.position) { tally.counted += 1 }
        }
        stream.isExhausted = true
        return tally
    }

    /// Walks over a stream's rows until `visit` returns false.
    func walk(
        _ stream: inout IndexStream,
        in window: IndexWindow,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError) {
        guard let statement = self.bound(self.rows, stream, in: window) else {
            stream.isExhausted = true
            return
        }
        defer { statement.reset() }
        while try statement.step() {
            let entry = Self.entry(of: statement)
            guard Self.withRow(of: statement, at: entry, { visit(entry, $0) }) else { return }
            stream.last = entry
        }
        stream.isExhausted = true
    }

    /// Calls `body` with a row whose statement gives `json, kind, expires_at` behind the entry.
    static func withRow<Result>(
        of statement: Statement,
        at entry: IndexEntry,
        _ body: (StoredRow) -> Result
    ) -> Result {
        let kind = Kind(UInt16(truncatingIfNeeded: statement.integer(4)))
        let expiresAt = statement.optionalInteger(5)
        return statement.withBytes(3) { json in
            body(StoredRow(json: json, kind: kind, expiresAt: expiresAt, transaction: entry.position))
        }
    }

    /// The entry of a statement that begins with `created_at, tie, position`.
    static func entry(of statement: Statement) -> IndexEntry {
        IndexEntry(createdAt: statement.integer(0), tie: statement.integer(1), position: statement.integer(2))
    }

    /// The statement for a stream, at the place where it stands; nil for one that has none.
    private func bound(_ set: Set, _ stream: borrowing IndexStream, in window: IndexWindow) -> Statement? {
        let statement: Statement
        switch stream.prefix {
        case .list: return nil
        case .tag(let hash, _, _):
            statement = set.tag.statement(window.direction)
            statement.bind(4, hash)
        case .author(let number, let kind):
            statement = set.author.statement(window.direction)
            statement.bind(4, number)
            statement.bind(5, Int64(kind.rawValue))
        case .kind(let kind):
            statement = set.kind.statement(window.direction)
            statement.bind(4, Int64(kind.rawValue))
        case .time: statement = set.time.statement(window.direction)
        }
        let isNewestFirst = window.direction == .newestFirst
        let edge = isNewestFirst ? window.until : window.since
        statement.bind(1, stream.last?.createdAt ?? edge)
        statement.bind(2, stream.last?.tie ?? (isNewestFirst ? .max : .min))
        statement.bind(3, isNewestFirst ? window.since : window.until)
        return statement
    }
}
