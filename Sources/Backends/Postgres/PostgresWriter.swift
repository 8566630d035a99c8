import Nostr

/// The session that writes to PostgreSQL.
///
/// A batch is one transaction of few round trips: it takes locks, asks all that the rules need in one statement, judges
/// in memory, adds everything in one statement and commits, telling the other nodes.
final class PostgresWriter: StoreWriter {
    let link: PostgresLink
    /// Numbers of authors that were written; forgotten with a transaction that is undone.
    var authors: [PublicKey: Int64] = [:]
    /// The commit that was sent and not answered yet.
    var pending: PendingCommit?
    private static let maximumCachedAuthors = 100_000
    /// How often a transaction is begun again that others stood in the way of.
    private static let attempts = 3
    /// How long it may have taken until then.
    private static let patience = Duration.seconds(4)

    /// A commit whose answer has not come.
    struct PendingCommit {
        let server: PostgresServer
        let transaction: Int64
        let ids: [EventID]
    }

    init(_ link: PostgresLink) {
        self.link = link
        link.renew = { [unowned self] in self.authors.removeAll() }
    }

    func close() { self.link.close() }

    func save(_ events: [Event]) throws(StorageError) -> SaveResult {
        guard !events.isEmpty else { return SaveResult() }
        do throws(StorageError) {
            return try self.saveTogether(events)
        } catch .rejected {
            // One of them is at fault, and it alone is to fail.
            guard events.count > 1 else { return SaveResult(outcomes: [.failed]) }
            let middle = events.count / 2
            let first = try self.save(Array(events[..<middle]))
            let second = try self.saveRest(Array(events[middle...]), after: first)
            var vanished = first.vanished
            vanished.formUnion(second.vanished)
            return SaveResult(
                outcomes: first.outcomes + second.outcomes,
                removed: first.removed + second.removed,
                vanished: vanished
            )
        }
    }

    /// Saves what comes after events of the same batch that may be stored by now: where it fails, what is said of those
    /// must not be lost with it.
    private func saveRest(_ events: [Event], after first: SaveResult) throws(StorageError) -> SaveResult {
        do throws(StorageError) {
            return try self.save(events)
        } catch {
            guard !first.removed.isEmpty || first.outcomes.contains(where: \.isStored) else { throw error }
            return SaveResult(outcomes: [SaveOutcome](repeating: .failed, count: events.count))
        }
    }

    private func saveTogether(_ events: [Event]) throws(StorageError) -> SaveResult {
        let candidates = events.map { SaveCandidate($0) }
        let locks = PostgresLocks(candidates)
        return try self.write { (transaction) throws(StorageError) in
            try transaction.begin(locks)
            try self.learn(candidates, in: transaction)
            let (state, firstPosition) = try self.ask(SaveQuestions(candidates), candidates, in: transaction)
            var judge = BatchJudge(state, firstPosition: firstPosition)
            let verdicts = candidates.map { judge.judge($0) }
            let effects = judge.effects
            try self.delete(effects.deletedRows.map(\.position), in: transaction)
            let (stored, xid) = try self.insert(effects, candidates, in: transaction)
            let purged = try self.vanish(effects.vanished, in: transaction)
            let removed = judge.removed.map { RemovedEvent(id: $0.id, row: $0.position, cause: $0.cause) } + purged
            // Another node may have stored some of them at this moment.
            let lost = Set(effects.insertedRows.map(\.position)).subtracting(stored)
            let ids = effects.insertedRows.filter { !lost.contains($0.position) }.map { events[$0.index].id }
            let vanished = effects.vanished
            return Prepared(ids: ids, removed: removed, vanished: vanished, xid: xid) { number in
                let outcomes = verdicts.map { $0.outcome(in: number, without: lost) }
                return SaveResult(outcomes: outcomes, removed: removed, vanished: vanished)
            }
        }
    }

    func remove(positions: [Int64]) throws(StorageError) -> Int {
        guard !positions.isEmpty else { return 0 }
        return try self.write { (transaction) throws(StorageError) in
            try transaction.connection.execute("BEGIN")
            let removed = try self.delete(positions.sorted(), in: transaction)
            return Prepared(removed: removed) { _ in removed.count }
        }
    }

    func removeExpired(at now: Int64, atMost count: Int) throws(StorageError) -> [RemovedEvent] {
        try self.write { (transaction) throws(StorageError) in
            try transaction.connection.execute("BEGIN")
            var parameters = PostgresParameters()
            parameters.add(int8: now)
            parameters.add(int4: Int32(clamping: count))
            let rows = try transaction.query(PostgresWriteStatements.deleteExpired, parameters)
            let removed = try self.removed(rows, cause: .expired, in: transaction)
            return Prepared(removed: removed) { _ in removed }
        }
    }

    /// What other nodes change is told by the follower.
    func hasForeignChanges() -> Bool { false }
    func takeForeignEvents(atMost count: Int) -> [StoredEvent] { [] }

    /// A transaction on its way.
    struct Transaction {
        let connection: PostgresConnection
        let facts: PostgresLink.Facts
        let schema: PostgresSchema

        func begin(_ locks: PostgresLocks) throws(StorageError) {
            try self.connection.execute(locks.begin(self.schema))
        }

        /// Runs one of its statements.
        func query(
            _ statement: PostgresStatement,
            _ parameters: PostgresParameters = PostgresParameters()
        ) throws(StorageError) -> PostgresRows {
            try self.connection.query(statement, parameters)
        }
    }

    /// A transaction that is ready to be committed.
    struct Prepared<Result> {
        /// The events that it has stored.
        var ids: [EventID] = []
        /// What it has removed.
        let removed: [RemovedEvent]
        /// Keys that vanish with it.
        var vanished = Vanishing()
        /// The server's number of the transaction, where it is known already.
        var xid: Int64?
        /// The answer, by the number that the transaction has; nil where the follower tells of it.
        let result: (Int64?) -> Result
    }

    /// Runs `body` and commits; what has become of a commit whose answer is lost is found out.
    func write<Result>(
        _ body: (Transaction) throws(StorageError) -> Prepared<Result>
    ) throws(StorageError) -> Result {
        var attempt = 1
        let deadline = ContinuousClock.now + Self.patience
        while true {
            self.pending = nil
            var prepared: Prepared<Result>?
            do throws(StorageError) {
                return try self.link.perform { (connection, facts) throws(StorageError) in
                    let transaction = Transaction(
                        connection: connection,
                        facts: facts,
                        schema: self.link.node.schema
                    )
                    let ready = try body(transaction)
                    prepared = ready
                    return ready.result(try self.commit(transaction, ready))
                }
            } catch {
                self.authors.removeAll()
                if let pending = self.pending, let prepared {
                    switch self.outcome(of: pending) {
                    case .done: return prepared.result(pending.transaction)
                    case .doneBeforeRestart: return prepared.result(nil)
                    case .undone, .unknown: throw error
                    }
                }
                guard attempt < Self.attempts, error == .busy, ContinuousClock.now < deadline else { throw error }
                attempt += 1
            }
        }
    }

    /// Gives a number to each author of a batch, and finds those of the keys that its gift wraps are addressed to.
    func learn(
        _ candidates: [SaveCandidate],
        burials: [Burial] = [],
        in transaction: Transaction
    ) throws(StorageError) {
        if self.authors.count > Self.maximumCachedAuthors { self.authors.removeAll(keepingCapacity: true) }
        let authors = Set(candidates.map(\.event.pubkey)).union(burials.map(\.pubkey))
        let unknown = authors.union(candidates.flatMap(\.recipients)).filter { self.authors[$0] == nil }.sorted()
        guard !unknown.isEmpty else { return }
        var parameters = PostgresParameters()
        parameters.addKeys(unknown.map(\.bytes))
        try self.readNumbers(parameters, in: transaction)
        let new = unknown.filter { self.authors[$0] == nil && authors.contains($0) }
        guard !new.isEmpty else { return }
        parameters.removeAll()
        parameters.addKeys(new.map(\.bytes))
        _ = try transaction.query(PostgresWriteStatements.insertAuthors, parameters)
        try self.readNumbers(parameters, in: transaction)
    }

    private func readNumbers(_ parameters: PostgresParameters, in transaction: Transaction) throws(StorageError) {
        let rows = try transaction.query(PostgresReadStatements.authors, parameters)
        for index in 0..<rows.count {
            guard let key = rows.withBytes(index, 0, { Bytes32($0) }) else { continue }
            self.authors[PublicKey(key)] = rows.integer(index, 1)
        }
    }
}

extension SaveOutcome {
    fileprivate var isStored: Bool { if case .stored = self { true } else { false } }
}

extension SaveVerdict {
    /// - Parameters:
    ///   - transaction: nil where the follower tells of what is stored.
    ///   - lost: positions of events that another node has stored meanwhile.
    fileprivate func outcome(in transaction: Int64?, without lost: Set<Int64>) -> SaveOutcome {
        switch self {
        case .stored(let row) where lost.contains(row): .duplicate
        case .stored(let row):
            transaction.map { .stored(position: CommitPosition(row: row, transaction: $0)) } ?? .duplicate
        case .duplicate: .duplicate
        case .superseded: .superseded
        case .deleted: .deleted
        case .vanished: .vanished
        }
    }
}
