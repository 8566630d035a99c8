import Nostr

/// The session that hears what other nodes do: notifications wake it, and what it tells is read from the tables, by the
/// difference between two snapshots. So nothing depends on a notification's arrival, or on its order.
final class PostgresFollower: StoreFollower {
    private let link: PostgresLink
    private let wakeUp: WakeUp
    /// What has been told up to now, and how far the reading of what came after it has got.
    private var events: CommitCursor?
    private var ephemeral: CommitCursor?
    /// The server that the cursors are from.
    private var server: PostgresServer?
    /// Whether something is known to have come.
    private var isDue = false
    private var lastLook = ContinuousClock.now
    /// Whether removals may have been told to nobody here.
    private var doubtsRemovals = true
    /// Whether what is read may have been told already: another server has taken over.
    private var doubtsEvents = false

    /// How often it looks when nobody has told of anything.
    private static let interval = Duration.milliseconds(500)
    /// Events that are read at once.
    private static let mostEvents = 500
    /// Transactions that a standby may lack when it takes over.
    private static let lostTransactions: Int64 = 10_000
    /// Events that are remembered of what was stored before the first look.
    private static let mostRemembered = 20_000

    init(_ link: PostgresLink, wakeUp: WakeUp) {
        self.link = link
        self.wakeUp = wakeUp
        link.node.expectFollower()
        link.renew = { [unowned self] in self.lose() }
    }

    var interruption: StoreInterruption {
        let wakeUp = self.wakeUp
        return StoreInterruption { wakeUp.signal() }
    }

    func close() { self.link.close() }

    func nextChanges(waiting duration: Duration) throws(StorageError) -> StoreChanges {
        do throws(StorageError) {
            return try self.link.perform { (connection, facts) throws(StorageError) in
                var changes = StoreChanges()
                if self.server != facts.server { try self.begin(on: connection, facts.server) }
                try self.hear(connection, waiting: self.isDue ? .zero : duration, &changes)
                let now = ContinuousClock.now
                if self.isDue || now - self.lastLook >= Self.interval {
                    try self.look(connection, facts.server, &changes)
                    self.lastLook = now
                    // The server has answered: it is heard.
                    self.link.node.setFollowed(true)
                }
                if self.doubtsRemovals { changes.mayHaveRemovedOthers = true }
                self.doubtsRemovals = false
                return changes
            }
        } catch {
            self.link.node.setFollowed(false)
            self.lose()
            throw error
        }
    }

    /// Notes that notifications may have been missed.
    private func lose() {
        self.isDue = true
        self.doubtsRemovals = true
    }

    /// Takes what notifications say.
    private func hear(
        _ connection: PostgresConnection,
        waiting duration: Duration,
        _ changes: inout StoreChanges
    ) throws(StorageError) {
        for notification in try connection.notifications(waiting: duration, wakeUp: self.wakeUp) {
            guard let notice = PostgresNotice(payload: notification.payload) else { continue }
            guard notice.node != self.link.node.id else { continue }
            self.link.node.noteChange()
            self.isDue = true
            changes.vanished.formUnion(notice.vanished)
            if let removed = notice.removed {
                changes.removedRows.formUnion(removed)
            } else {
                changes.mayHaveRemovedOthers = true
            }
        }
    }

    /// Takes up a server: the first one, or another run of it. What the last one had and this one lacks may have been
    /// told already, and what this one has under numbers that the last one had given must be told still.
    private func begin(
        on connection: PostgresConnection,
        _ server: PostgresServer
    ) throws(StorageError) {
        let now = try Self.snapshot(connection, server)
        if let events, let ephemeral {
            self.events = CommitCursor(after: self.doubted(events.known, now, server))
            self.ephemeral = CommitCursor(after: self.doubted(ephemeral.known, now, server))
            self.doubtsEvents = true
            self.isDue = true
        } else {
            self.events = CommitCursor(after: now)
            self.ephemeral = CommitCursor(after: now)
            try self.remember(connection, before: now.ceiling)
        }
        self.server = server
    }

    /// Remembers what was stored last before anybody here could be told of it: should another server take over, it is
    /// not told as new.
    private func remember(_ connection: PostgresConnection, before ceiling: Int64) throws(StorageError) {
        var parameters = PostgresParameters()
        let first = max(PostgresServer.xid(ceiling) - Self.lostTransactions, 3)
        parameters.add(xid8: UInt64(first))
        parameters.add(int4: Int32(Self.mostRemembered))
        let rows = try connection.query(PostgresFollowStatements.last, parameters)
        // The oldest first, as if they were told one after the other.
        let stored = (0..<rows.count).reversed().compactMap { index in
            rows.withBytes(index, 0) { Bytes32($0) }.map { (id: EventID($0), xid: rows.integer(index, 1)) }
        }
        let isWhole = rows.count < Self.mostRemembered
        self.link.node.beginTelling(after: stored, from: isWhole ? first : (stored.first?.xid ?? first) + 1)
    }

    /// What may be taken as told, on another run of the server. One that has taken over may lack what was told last,
    /// and gives the numbers of that to other transactions.
    private func doubted(_ known: Snapshot, _ now: Snapshot, _ server: PostgresServer) -> Snapshot {
        var floor = PostgresServer.xid(known.floor)
        if server.history != self.server?.history {
            let lost = min(floor, PostgresServer.xid(now.floor)) - Self.lostTransactions
            // What it has yet to number is new, however far it lags.
            floor = min(max(lost, self.link.node.rememberedFrom, 3), PostgresServer.xid(now.floor))
        }
        let safe = server.transaction(floor)
        return Snapshot(floor: safe, ceiling: safe)
    }

    /// Reads what has been stored, and told, since the last look.
    private func look(
        _ connection: PostgresConnection,
        _ server: PostgresServer,
        _ changes: inout StoreChanges
    ) throws(StorageError) {
        guard var events = self.events, var ephemeral = self.ephemeral else { return }
        let target: Snapshot
        if let fixed = events.target { target = fixed } else { target = try Self.snapshot(connection, server) }
        (events.target, ephemeral.target) = (target, target)
        let (own, disowned) = self.link.node.transactions(after: events.known, on: server)
        let settled = try self.settle(disowned.filter(server.gave), connection, &changes)
        let stored = try self.rows(.events, events, own, connection)
        // The notification may come later than this look, and what was kept of answers lacks these events.
        if stored.count > 0 { self.link.node.noteChange() }
        // Asked after the events were read: who has vanished by now is not told of.
        let vanishing = stored.count > 0 || !settled.isEmpty ? try connection.vanishing() : Vanishing()
        changes.events.removeAll { vanishing.hides($0.event) }
        for index in 0..<stored.count {
            let position = CommitPosition(
                row: stored.integer(index, 0),
                transaction: server.transaction(stored.integer(index, 1))
            )
            events.last = position
            guard let event = Event(canonical: stored.bytes(index, 2)) else { continue }
            if vanishing.hides(event) || self.doubtsEvents && self.link.node.wasTold(event.id) { continue }
            changes.events.append(StoredEvent(event: event, position: position))
        }
        var told = changes.events.map { (id: $0.event.id, xid: PostgresServer.xid($0.position.transaction)) }
        let handed = try self.rows(.ephemeral, ephemeral, own, connection)
        var fresh: Set<EventID> = []
        for index in 0..<handed.count {
            let xid = handed.integer(index, 1)
            ephemeral.last = CommitPosition(row: handed.integer(index, 0), transaction: server.transaction(xid))
            // Whoever handed it over may have done so twice.
            guard let event = Event(canonical: handed.bytes(index, 2)), !self.link.node.wasTold(event.id),
                fresh.insert(event.id).inserted
            else { continue }
            told.append((event.id, xid))
            changes.ephemeral.append(event)
        }
        // Nothing is noted as told before everything has been read: what fails half way is read once more.
        self.link.node.noteTold(told)
        for transaction in settled { self.link.node.settle(transaction) }
        changes.hasMore = Self.mayHaveMore(stored) || Self.mayHaveMore(handed)
        self.isDue = changes.hasMore
        self.doubtsEvents = self.doubtsEvents && changes.hasMore
        self.events = changes.hasMore ? events : CommitCursor(after: target)
        self.ephemeral = changes.hasMore ? ephemeral : CommitCursor(after: target)
    }

    /// Whether what was read may have ended at one of its limits.
    private static func mayHaveMore(_ rows: PostgresRows) -> Bool {
        rows.count == Self.mostEvents
            || (0..<rows.count).reduce(0) { $0 + rows.length($1, 2) } >= PostgresFollowStatements.maximumBytes
    }

    /// Reads what the writer of this process has stored without learning that it did.
    ///
    /// - Returns: the transactions of which that is known now.
    private func settle(
        _ transactions: Set<Int64>,
        _ connection: PostgresConnection,
        _ changes: inout StoreChanges
    ) throws(StorageError) -> [Int64] {
        var settled: [Int64] = []
        for transaction in transactions {
            var parameters = PostgresParameters()
            parameters.add(xid8: UInt64(PostgresServer.xid(transaction)))
            let status = try connection.query(PostgresWriteStatements.status, parameters)
            guard status.text(0, 0) != "in progress" else { continue }
            // What it removed nobody here was told.
            self.link.node.noteChange()
            changes.mayHaveRemovedOthers = true
            let rows = try connection.query(PostgresFollowStatements.ofTransaction, parameters)
            for index in 0..<rows.count {
                guard let event = Event(canonical: rows.bytes(index, 2)) else { continue }
                let position = CommitPosition(row: rows.integer(index, 0), transaction: transaction)
                changes.events.append(StoredEvent(event: event, position: position))
            }
            settled.append(transaction)
        }
        return settled
    }

    private enum Table { case events, ephemeral }

    private func rows(
        _ table: Table,
        _ cursor: CommitCursor,
        _ own: Set<Int64>,
        _ connection: PostgresConnection
    ) throws(StorageError) -> PostgresRows {
        var parameters = PostgresParameters()
        parameters.add(cursor, upTo: cursor.target ?? cursor.known, atMost: Self.mostEvents)
        switch table {
        case .events:
            parameters.add(xid8s: own.map { UInt64(PostgresServer.xid($0)) })
            return try connection.query(PostgresFollowStatements.events, parameters)
        case .ephemeral:
            parameters.add(text: self.link.node.id)
            return try connection.query(PostgresFollowStatements.ephemeral, parameters)
        }
    }

    private static func snapshot(
        _ connection: PostgresConnection,
        _ server: PostgresServer
    ) throws(StorageError) -> Snapshot {
        let rows = try connection.query(PostgresReadStatements.snapshot)
        guard rows.count == 1 else { throw .failed("the server has no snapshot") }
        return rows.withBytes(0, 0) { server.snapshot(of: $0) }
    }
}
