import Glibc
import Nostr

/// The end of a transaction, also of one whose answer is lost.
extension PostgresWriter {
    /// How long a lost answer is looked for.
    private static let patience = Duration.seconds(3)
    private static let pauseMicroseconds: UInt32 = 100_000

    /// Commits, and tells the other nodes.
    ///
    /// - Returns: the transaction's number.
    func commit<Result>(
        _ transaction: Transaction,
        _ prepared: Prepared<Result>
    ) throws(StorageError) -> Int64 {
        let (ids, removed) = (prepared.ids, prepared.removed)
        guard !ids.isEmpty || !removed.isEmpty || !prepared.vanished.isEmpty else {
            // No event has changed; records and tombstones may have, and they wait for a standby as events do.
            try transaction.connection.execute("SET LOCAL statement_timeout = 0; COMMIT")
            return 0
        }
        let node = self.link.node
        let server = transaction.facts.server
        let xid: Int64
        if let known = prepared.xid {
            xid = known
        } else {
            xid = try transaction.connection.query(PostgresWriteStatements.transaction).integer(0, 0)
        }
        let number = server.transaction(xid)
        let notice = PostgresNotice(node: node.id, removed: Set(removed.map(\.row)), vanished: prepared.vanished)
        node.own(number)
        let pending = PendingCommit(server: server, transaction: number, ids: ids)
        self.pending = pending
        do throws(StorageError) {
            // No limit of time may end the wait for a standby: the server would call that a success.
            try transaction.connection.execute(
                "SET LOCAL statement_timeout = 0; \(notice.statement(on: node.schema)); COMMIT"
            )
        } catch {
            // What the server answers with an error is undone.
            if !transaction.connection.isBroken { self.pending = nil }
            throw error
        }
        self.pending = nil
        node.noteCommitted(ids, in: number)
        return number
    }

    /// What has become of a commit whose answer is lost.
    enum Outcome {
        case done
        /// It is done, and the server has started anew since: the follower tells of it.
        case doneBeforeRestart
        case undone
        /// That could not be told in time. The follower looks for it.
        case unknown
    }

    /// Finds out what has become of a commit whose answer is lost: from the server, and where that is another one by
    /// now, from the events.
    func outcome(of pending: PendingCommit) -> Outcome {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        while clock.now < deadline {
            try? self.link.wait(upTo: deadline - clock.now)
            let outcome = try? self.link.perform { (connection, facts) throws(StorageError) in
                try Self.look(for: pending, connection, facts.server)
            }
            switch outcome ?? .unknown {
            case .done:
                self.link.node.noteCommitted(pending.ids, in: pending.transaction)
                return .done
            case .doneBeforeRestart: return .doneBeforeRestart
            case .undone: return .undone
            case .unknown: usleep(Self.pauseMicroseconds)
            }
        }
        self.link.node.disown(pending.transaction)
        // It may have been done: what was kept of answers is not to be trusted.
        self.link.node.noteChange()
        return .unknown
    }

    private static func look(
        for pending: PendingCommit,
        _ connection: PostgresConnection,
        _ server: PostgresServer
    ) throws(StorageError) -> Outcome {
        let isSame = server == pending.server
        // Asked before the events are looked for: what is committed in between is found by both.
        var isRunning = false
        var isDone = false
        if isSame {
            var parameters = PostgresParameters()
            parameters.add(xid8: UInt64(PostgresServer.xid(pending.transaction)))
            let status = try connection.query(PostgresWriteStatements.status, parameters).text(0, 0)
            // Somebody else may have removed its events again.
            isDone = status == "committed"
            isRunning = status == "in progress"
        }
        if !isDone {
            var parameters = PostgresParameters()
            parameters.addKeys(pending.ids.map(\.bytes))
            let rows = try connection.query(PostgresWriteStatements.storedBy, parameters)
            let xid = PostgresServer.xid(pending.transaction)
            // One of them stands for all. Behind a failover another server may have given the number to another
            // transaction, but not with these events in it.
            isDone = (0..<rows.count).contains { rows.integer($0, 1) == xid }
        }
        guard isDone else { return isRunning ? .unknown : .undone }
        // Its wait for a standby may have been broken off. This commit lies behind it and waits for the same.
        try connection.execute("UPDATE meta SET value = value WHERE name = 'hash_key'")
        return isSame ? .done : .doneBeforeRestart
    }
}
