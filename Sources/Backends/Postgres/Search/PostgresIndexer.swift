import Nostr

/// The session that indexes words in PostgreSQL. Nodes take turns: one of them indexes at a moment, and what it has not
/// finished when it is gone, another one does.
///
/// Its commits do not wait for the disk: what a crash takes of the index it takes of the queue's changes as well.
final class PostgresIndexer: StoreIndexer {
    private let link: PostgresLink
    private let kinds: KindRanges
    /// Whether the database has been told the kinds.
    private var hasBegun = false
    private var waiting = 0

    /// Events of one transaction, and their bytes.
    private static let most = (events: 250, bytes: 512 << 10)
    /// Rows that are passed over at once where most are of other kinds.
    private static let mostRows: Int32 = 1_000

    init(_ link: PostgresLink, kinds: KindRanges) {
        self.link = link
        self.kinds = kinds
    }

    func close() { self.link.close() }

    func indexNext() throws(StorageError) -> IndexProgress {
        try self.link.perform { (connection, _) throws(StorageError) in
            if !self.hasBegun { try self.begin(connection) }
            self.hasBegun = true
            try connection.execute("BEGIN")
            var progress = IndexProgress()
            if try self.lock(connection) { progress = try self.index(connection) }
            try connection.execute("COMMIT")
            let waiting = try connection.query(PostgresSearchStatements.waiting)
            progress.waiting = Int(waiting.integer(0, 0))
            return progress
        }
    }

    private func lock(_ connection: PostgresConnection) throws(StorageError) -> Bool {
        var parameters = PostgresParameters()
        parameters.add(text: self.lockName)
        return try connection.query(PostgresSearchStatements.lock, parameters).bool(0, 0)
    }

    private var lockName: String { "\(self.link.node.schema.name) search" }

    /// Tells the database the kinds and the rules, where they are others than last time.
    private func begin(_ connection: PostgresConnection) throws(StorageError) {
        let found = try self.state(connection)
        let version = SearchWords.version
        guard found.version != Int64(version) || found.kinds != self.kinds else { return }
        // Whoever stores at this moment may still go by the kinds of before: that is waited for.
        try connection.execute(
            """
            BEGIN; SELECT pg_advisory_xact_lock(hashtext('\(self.lockName)'));
            LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE
            """
        )
        if found.version != Int64(version) { try connection.execute("DELETE FROM search_document") }
        var parameters = PostgresParameters()
        parameters.add(int4: Int32(version))
        parameters.add(text: self.kinds.description)
        parameters.add(int4s: self.kinds.ranges.map { Int32($0.lowerBound) })
        parameters.add(int4s: self.kinds.ranges.map { Int32($0.upperBound) })
        _ = try connection.query(PostgresSearchStatements.begin, parameters)
        try connection.execute("COMMIT")
    }

    private func state(
        _ connection: PostgresConnection
    ) throws(StorageError) -> (version: Int64, rest: Int64, kinds: KindRanges) {
        let rows = try connection.query(PostgresSearchStatements.state)
        guard rows.count == 1 else { return (0, 0, KindRanges([])) }
        return (rows.integer(0, 0), rows.integer(0, 1), KindRanges(rows.text(0, 2)) ?? KindRanges([]))
    }

    /// Does one transaction's work: what is in the queue, and where that is nothing, what was there before.
    private func index(_ connection: PostgresConnection) throws(StorageError) -> IndexProgress {
        let state = try self.state(connection)
        var progress = IndexProgress()
        // Another version of this program has the rules changed: what this one would add is of no use.
        guard state.version == Int64(SearchWords.version) else { return progress }
        progress.isRebuilding = state.rest > 0
        var parameters = PostgresParameters()
        parameters.add(int4: Int32(Self.most.events))
        let queue = try connection.query(PostgresSearchStatements.takeQueue, parameters)
        if queue.count > 0 {
            let positions = Set((0..<queue.count).map { queue.integer($0, 0) })
            try self.look(at: positions, state.kinds, connection)
            progress.events = positions.count
            progress.hasMore = queue.count == Self.most.events || state.rest > 0
        } else if state.rest > 0 {
            progress.events = try self.goOn(from: state.rest, state.kinds, connection)
            progress.hasMore = true
        }
        return progress
    }

    /// Goes on towards the first row.
    private func goOn(
        from rest: Int64,
        _ kinds: KindRanges,
        _ connection: PostgresConnection
    ) throws(StorageError) -> Int {
        var parameters = PostgresParameters()
        parameters.add(int8: rest)
        parameters.add(int4: Self.mostRows)
        let rows = try connection.query(PostgresSearchStatements.rest, parameters)
        let found = (0..<rows.count).map { row in
            (position: rows.integer(row, 0), kind: Kind(UInt16(truncatingIfNeeded: rows.integer(row, 1))))
        }
        parameters.removeAll()
        parameters.add(int8s: found.map(\.position))
        let documents = try connection.query(PostgresSearchStatements.documents, parameters)
        let indexed = Set((0..<documents.count).map { documents.integer($0, 0) })
        var due: Set<Int64> = []
        var next: Int64 = 0
        for (position, kind) in found where due.count < Self.most.events {
            next = position - 1
            if kinds.contains(kind) != indexed.contains(position) { due.insert(position) }
        }
        if due.count < Self.most.events, rows.count < Int(Self.mostRows) { next = 0 }
        try self.look(at: due, kinds, connection)
        parameters.removeAll()
        parameters.add(int8: next)
        _ = try connection.query(PostgresSearchStatements.updateRest, parameters)
        return due.count
    }

    /// Indexes those of these rows that are stored and of the right kinds, and takes the others out.
    private func look(
        at positions: Set<Int64>,
        _ kinds: KindRanges,
        _ connection: PostgresConnection
    ) throws(StorageError) {
        guard !positions.isEmpty else { return }
        var parameters = PostgresParameters()
        parameters.add(int8s: positions)
        let rows = try connection.query(PostgresSearchStatements.rowsByPosition, parameters)
        var entering: [(position: Int64, createdAt: Int64, words: String)] = []
        for row in 0..<rows.count {
            let kind = Kind(UInt16(truncatingIfNeeded: rows.integer(row, 2)))
            guard kinds.contains(kind), let event = Event(canonical: rows.bytes(row, 3)) else { continue }
            let words = SearchExpression.words(of: event, author: rows.integer(row, 1)).map(SearchExpression.lexeme)
            let all = (words + SearchBucket.words(of: event.createdAt)).joined(separator: " ")
            entering.append((rows.integer(row, 0), event.createdAt, all))
        }
        let leaving = positions.subtracting(entering.map(\.position))
        if !leaving.isEmpty {
            parameters.removeAll()
            parameters.add(int8s: leaving)
            _ = try connection.query(PostgresSearchStatements.delete, parameters)
        }
        guard !entering.isEmpty else { return }
        parameters.removeAll()
        parameters.add(int8s: entering.map(\.position))
        parameters.add(int8s: entering.map(\.createdAt))
        parameters.addArray(of: .text) { array in
            for document in entering { array.append(document.words) }
        }
        _ = try connection.query(PostgresSearchStatements.insert, parameters)
    }
}
