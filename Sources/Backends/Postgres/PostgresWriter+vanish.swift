import Nostr

/// Requests to vanish (NIP-62): a row says at once that a key's events are gone, and these are removed a slice at a
/// time.
extension PostgresWriter {
    /// Keys whose events are removed at once, in the transaction that has them vanish, and how many events of each:
    /// mostly that is all.
    private static let first = (keys: 8, events: 200)
    /// Entries of the tag index that one slice looks at.
    private static let mostTags = 200

    /// Has keys vanish, and removes the first of what they have written; what is left is shown to nobody.
    func vanish(_ vanished: Vanishing, in transaction: Transaction) throws(StorageError) -> [RemovedEvent] {
        guard !vanished.isEmpty else { return [] }
        let keys = vanished.keys.sorted { $0.key < $1.key }
        var parameters = PostgresParameters()
        parameters.add(int4s: keys.map { self.number32($0.key) })
        parameters.addKeys(keys.map(\.key.bytes))
        parameters.add(int8s: keys.map(\.value))
        parameters.add(int8s: keys.map { transaction.facts.hash.recipientHash(of: $0.key) })
        _ = try transaction.query(PostgresVanishStatements.vanish, parameters)
        parameters.removeAll()
        parameters.add(int4s: keys.prefix(Self.first.keys).map { self.number32($0.key) })
        let rows = try transaction.query(PostgresVanishStatements.tasks, parameters)
        var removed: [RemovedEvent] = []
        for index in 0..<rows.count {
            guard let task = Self.task(rows, index) else { continue }
            removed += try self.purge(task, atMost: Self.first.events, in: transaction)
        }
        return removed
    }

    func purgeVanished(atMost count: Int) throws(StorageError) -> PurgedEvents {
        try self.write { (transaction) throws(StorageError) in
            try transaction.connection.execute("BEGIN")
            let rows = try transaction.query(PostgresVanishStatements.nextTask)
            guard rows.count > 0, let task = Self.task(rows, 0) else {
                return Prepared(removed: []) { _ in PurgedEvents(isComplete: true) }
            }
            let removed = try self.purge(task, atMost: count, in: transaction)
            return Prepared(removed: removed) { _ in PurgedEvents(removed: removed, isComplete: false) }
        }
    }

    /// Removes events of one key; where none are left it is forgotten that there were any.
    private func purge(
        _ task: VanishTask,
        atMost count: Int,
        in transaction: Transaction
    ) throws(StorageError) -> [RemovedEvent] {
        let author = Int32(truncatingIfNeeded: task.author)
        var parameters = PostgresParameters()
        parameters.add(int4: author)
        parameters.add(int8: task.until)
        parameters.add(int4: Int32(clamping: count))
        let rows = try transaction.query(PostgresVanishStatements.deleteWritten, parameters)
        let written = try self.removed(rows, cause: .vanished, in: transaction)
        guard rows.count < count else { return written }
        let (wraps, place) = try self.received(task, in: transaction)
        let received = try self.delete(wraps, cause: .vanished, in: transaction)
        parameters.removeAll()
        parameters.add(int4: author)
        if let place {
            parameters.add(int8: place.createdAt)
            parameters.add(int4: Int32(clamping: place.tie))
            parameters.add(int8: place.position)
        }
        let end = place == nil ? PostgresVanishStatements.deleteTask : PostgresVanishStatements.updateTask
        _ = try transaction.query(end, parameters)
        return written + received
    }

    /// The next gift wraps for a key, and where the tag index is to be gone on along; nil where it has ended.
    private func received(
        _ task: VanishTask,
        in transaction: Transaction
    ) throws(StorageError) -> (wraps: [Int64], place: IndexEntry?) {
        var parameters = PostgresParameters()
        parameters.add(int8: task.recipient)
        parameters.add(int8: task.place.createdAt)
        parameters.add(int4: Int32(clamping: task.place.tie))
        parameters.add(int8: task.place.position)
        parameters.add(int8: task.until)
        parameters.add(int4: Int32(Self.mostTags))
        let rows = try transaction.query(PostgresVanishStatements.received, parameters)
        var wraps: [Int64] = []
        for index in 0..<rows.count where !rows.isNull(index, 3) {
            // Two tags may share a hash; whose gift wrap it is shows in the event itself.
            guard Event(canonical: rows.bytes(index, 3))?.recipients.contains(task.pubkey) ?? false else { continue }
            wraps.append(rows.integer(index, 2))
        }
        let isComplete = rows.count < Self.mostTags
        return (wraps, isComplete ? nil : PostgresReader.entry(rows, rows.count - 1))
    }

    private static func task(_ rows: PostgresRows, _ index: Int) -> VanishTask? {
        guard let key = rows.withBytes(index, 1, { Bytes32($0) }) else { return nil }
        return VanishTask(
            author: rows.integer(index, 0),
            pubkey: PublicKey(key),
            until: rows.integer(index, 2),
            recipient: rows.integer(index, 3),
            place: PostgresReader.entry(rows, index, from: 4)
        )
    }
}

extension PostgresConnection {
    /// Keys whose events are shown no more and have not all been removed yet.
    func vanishing() throws(StorageError) -> Vanishing {
        Vanishing(try self.query(PostgresVanishStatements.vanishing), from: 0)
    }
}

extension Vanishing {
    /// Reads rows that have a key, or NULL, and a second from a column on.
    init(_ rows: PostgresRows, from column: Int) {
        self.init()
        for index in 0..<rows.count where !rows.isNull(index, column) {
            guard let key = rows.withBytes(index, column, { Bytes32($0) }) else { continue }
            self.add(PublicKey(key), until: rows.integer(index, column + 1))
        }
    }
}
