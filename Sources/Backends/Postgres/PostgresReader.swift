import Nostr

/// A session that reads from PostgreSQL.
///
/// Each statement sees a state of its own. What an answer shows is fixed by its first page, and what was stored later
/// is told by its transaction; so pages need no transaction around them.
final class PostgresReader: StoreReader {
    let link: PostgresLink
    /// The connection that is used at this moment.
    private var connection: PostgresConnection?
    private var facts: PostgresLink.Facts?
    /// Numbers of authors; they never change, as long as the server loses nothing.
    var authors: [PublicKey: Int64] = [:]
    /// What the page shows, where that is still to be asked for.
    private var opening: PageSnapshot?
    /// Bytes of JSON of a row, on the whole, lately.
    var rowBytes = 700
    /// What has been fetched for the page that is being read.
    var fetched = PostgresFetches()
    /// Events up to which they are counted; beyond, the server's own estimate is told.
    private static let maximumCounted = 200_000

    init(_ link: PostgresLink) {
        self.link = link
        link.renew = { [unowned self] in self.authors.removeAll() }
    }

    func close() { self.link.close() }

    /// Runs `body` on a connection, and once more where that turns out to be lost.
    func read<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        defer {
            self.connection = nil
            self.opening = nil
            self.fetched = PostgresFetches()
        }
        guard self.link.node.mayRead else { throw .unavailable("the changes of other nodes are not followed yet") }
        return try self.link.perform(retrying: true) { (connection, facts) throws(StorageError) in
            self.connection = connection
            self.facts = facts
            self.opening = nil
            self.fetched = PostgresFetches()
            return try body()
        }
    }

    func query(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters()
    ) throws(StorageError) -> PostgresRows {
        guard let connection else { throw Self.noConnection }
        guard let opening else { return try connection.query(statement, parameters) }
        // What is read later than the snapshot shows all that the snapshot has, and maybe more.
        let (taken, rows) = try connection.query(PostgresReadStatements.opening, then: statement, parameters)
        guard taken.count > 0 else { throw Self.noSnapshot }
        let snapshot = taken.withBytes(0, 0) { self.server.snapshot(of: $0) }
        opening.settle(snapshot, Vanishing(taken, from: 1))
        self.opening = nil
        return rows
    }

    /// A page's snapshot, and what has vanished, is asked for together with its first rows.
    func beginPage(at fixed: Snapshot?) -> PageSnapshot {
        let snapshot = PageSnapshot(fixed)
        self.opening = snapshot
        return snapshot
    }

    func vanishing() throws(StorageError) -> Vanishing {
        Vanishing(try self.query(PostgresVanishStatements.vanishing), from: 0)
    }

    func endPage(_ snapshot: PageSnapshot) throws(StorageError) -> Snapshot {
        self.opening = nil
        if let known = snapshot.value { return known }
        return try self.currentSnapshot()
    }

    /// The server that the page is read from.
    var server: PostgresServer { self.facts?.server ?? PostgresServer(run: 0, history: "") }
    var hash: SipHash { self.facts?.hash ?? SipHash(key: (0, 0)) }

    private static let noConnection = StorageError.unavailable("there is no connection to the server")
    private static let noSnapshot = StorageError.failed("the server has no snapshot")
    private static let otherServer = StorageError.unavailable("the server has started anew, or is another one")

    func nextPage(
        of query: consuming StoredQuery,
        bounds: PageBounds
    ) throws(StorageError) -> (EventPage, StoredQuery) {
        // Kept for a second try, where the connection turns out to be lost.
        let query = query
        return try self.read { () throws(StorageError) in
            if let snapshot = query.snapshot { try self.check(snapshot) }
            var runner = QueryRunner(self, bounds: bounds)
            return try runner.nextPage(of: query)
        }
    }

    /// Fails where a snapshot was taken by another run of the server.
    func check(_ snapshot: Snapshot) throws(StorageError) {
        guard self.server.took(snapshot) else { throw Self.otherServer }
    }

    func version() throws(StorageError) -> Int64? { self.link.node.version }

    func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents {
        try self.read { () throws(StorageError) in
            let isOurs = self.server.took(cursor.known) || cursor.known == .empty || cursor.known.ceiling == .max
            guard isOurs, cursor.target.map(self.server.took) ?? true else { throw Self.otherServer }
            var cursor = cursor
            let target: Snapshot
            if let fixed = cursor.target { target = fixed } else { target = try self.currentSnapshot() }
            cursor.target = target
            let page = self.beginPage(at: target)
            guard target.ceiling > cursor.known.floor else {
                return CommittedEvents(events: [], cursor: cursor, isComplete: true)
            }
            return try self.events(after: cursor, upTo: target, of: page, atMost: count)
        }
    }

    private func events(
        after cursor: CommitCursor,
        upTo target: Snapshot,
        of page: PageSnapshot,
        atMost count: Int
    ) throws(StorageError) -> CommittedEvents {
        var cursor = cursor
        var events: [StoredEvent] = []
        var (rows, bytes) = (0, 0)
        while rows < count, bytes < PostgresReadStatements.maximumStretchBytes {
            let wanted = min(count - rows, 128)
            var foundBytes = 0
            var parameters = PostgresParameters()
            parameters.add(cursor, upTo: target, atMost: wanted)
            let found = try self.query(PostgresReadStatements.committed, parameters)
            for index in 0..<found.count {
                let transaction = self.server.transaction(found.integer(index, 1))
                let position = CommitPosition(row: found.integer(index, 0), transaction: transaction)
                cursor.last = position
                foundBytes += found.length(index, 2)
                guard let event = Event(canonical: found.bytes(index, 2)), !page.vanishing.hides(event) else {
                    continue
                }
                events.append(StoredEvent(event: event, position: position))
            }
            rows += found.count
            bytes += foundBytes
            guard found.count == wanted || foundBytes >= PostgresReadStatements.maximumStretchBytes else {
                return CommittedEvents(events: events, cursor: cursor, isComplete: true)
            }
        }
        return CommittedEvents(events: events, cursor: cursor, isComplete: false)
    }

    func snapshot() throws(StorageError) -> Snapshot {
        guard self.connection == nil else { return try self.currentSnapshot() }
        return try self.read { () throws(StorageError) in try self.currentSnapshot() }
    }

    /// What is committed now.
    func currentSnapshot() throws(StorageError) -> Snapshot {
        try self.snapshot(in: try self.query(PostgresReadStatements.snapshot))
    }

    private func snapshot(in rows: PostgresRows) throws(StorageError) -> Snapshot {
        guard rows.count == 1 else { throw Self.noSnapshot }
        return rows.withBytes(0, 0) { self.server.snapshot(of: $0) }
    }

    func statistics() throws(StorageError) -> StoreStatistics {
        try self.read { () throws(StorageError) in
            let bytes = try self.query(PostgresReadStatements.bytes).integer(0, 0)
            var events = try self.query(PostgresReadStatements.estimate).integer(0, 0)
            if events < Self.maximumCounted {
                // No more than that either: the planner may know nothing yet of a table that was filled a moment ago.
                var parameters = PostgresParameters()
                parameters.add(int4: Int32(Self.maximumCounted))
                events = try self.query(PostgresReadStatements.count, parameters).integer(0, 0)
            }
            return StoreStatistics(events: Int(events), bytes: Int(bytes))
        }
    }
}
