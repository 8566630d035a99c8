import Nostr

/// Requests to vanish (NIP-62): a row says at once that a key's events are gone, and these are removed a slice at a
/// time.
extension SQLiteWriter {
    /// Events of vanished keys that are removed at once, in the transaction that has them vanish: mostly that is all.
    private static let firstSlice = 300
    /// Entries of the tag index that one slice looks at, of which few may be gift wraps.
    private static let maximumTags: Int64 = 5_000
    /// Keys that one slice deals with.
    private static let maximumTasks: Int64 = 100

    /// Whether anybody has vanished: nobody needs asking for each event where nobody has.
    func hasAnyoneVanished() throws(StorageError) -> Bool {
        try self.vanishes.isAnyVanished.first { _ in true } != nil
    }

    /// Has a key vanish up to a second; one that has vanished up to then does so no more.
    func vanish(_ pubkey: PublicKey, author: Int64, until: Int64, in batch: inout Batch) throws(StorageError) {
        if let earlier = try self.rules.vanishedUntil(author), earlier >= until { return }
        self.vanishes.insertVanished.bind(1, author)
        self.vanishes.insertVanished.bind(2, until)
        try self.vanishes.insertVanished.run()
        let key = pubkey.bytes.array
        self.vanishes.insertVanishing.bind(1, author)
        self.vanishes.insertVanishing.bind(2, key.span)
        self.vanishes.insertVanishing.bind(3, until)
        self.vanishes.insertVanishing.bind(4, self.recipientHash(of: pubkey))
        try self.vanishes.insertVanishing.run()
        batch.result.vanished.add(pubkey, until: until)
        batch.isAnyVanished = true
    }

    /// Removes the first of what has vanished in this transaction.
    func beginPurge(in batch: inout Batch) throws(StorageError) {
        guard !batch.result.vanished.isEmpty else { return }
        try self.purge(atMost: Self.firstSlice, in: &batch)
    }

    func purgeVanished(atMost count: Int) throws(StorageError) -> PurgedEvents {
        guard try !self.rules.vanishing().isEmpty else { return PurgedEvents(isComplete: true) }
        return try self.write { (batch) throws(StorageError) in
            batch.areTagsInserted = true
            try self.purge(atMost: count, in: &batch)
            let isComplete = try self.rules.vanishing().isEmpty
            return PurgedEvents(removed: batch.result.removed, isComplete: isComplete)
        }
    }

    private func purge(atMost count: Int, in batch: inout Batch) throws(StorageError) {
        var room = count
        for var task in try self.tasks() where room > 0 {
            room -= try self.removeWritten(by: task, atMost: room, in: &batch)
            guard room > 0 else { return }
            let (removed, isComplete) = try self.removeReceived(by: &task, atMost: room, in: &batch)
            room -= removed
            try self.keep(task, isComplete: isComplete)
        }
    }

    private func tasks() throws(StorageError) -> [VanishTask] {
        let select = self.vanishes.selectTasks
        select.bind(1, Self.maximumTasks)
        defer { select.reset() }
        var tasks: [VanishTask] = []
        while try select.step() {
            guard let key = Bytes32(select.bytes(1)) else { continue }
            tasks.append(
                VanishTask(
                    author: select.integer(0),
                    pubkey: PublicKey(key),
                    until: select.integer(2),
                    recipient: select.integer(3),
                    place: IndexEntry(
                        createdAt: select.integer(4),
                        tie: select.integer(5),
                        position: select.integer(6)
                    )
                )
            )
        }
        return tasks
    }

    /// Removes what a key has written, along its kinds; returns how many events.
    private func removeWritten(
        by task: VanishTask,
        atMost count: Int,
        in batch: inout Batch
    ) throws(StorageError) -> Int {
        var removed = 0
        var last: Int64 = -1
        while removed < count {
            self.vanishes.selectKind.bind(1, task.author)
            self.vanishes.selectKind.bind(2, last)
            guard let kind = try self.vanishes.selectKind.first({ $0.integer(0) }) else { break }
            last = kind
            guard kind != Int64(Kind.vanish.rawValue) else { continue }
            let select = self.vanishes.selectRows
            select.bind(1, task.author)
            select.bind(2, kind)
            select.bind(3, task.until)
            select.bind(4, Int64(count - removed))
            var positions: [Int64] = []
            while try select.step() { positions.append(select.integer(0)) }
            select.reset()
            for position in positions { try self.removeVanished(position, in: &batch) }
            removed += positions.count
        }
        return removed
    }

    /// Removes gift wraps for a key, on from where the last slice stood.
    private func removeReceived(
        by task: inout VanishTask,
        atMost count: Int,
        in batch: inout Batch
    ) throws(StorageError) -> (removed: Int, isComplete: Bool) {
        let select = self.vanishes.selectTags
        select.bind(1, task.recipient)
        select.bind(2, task.place.createdAt)
        select.bind(3, task.place.tie)
        select.bind(4, task.place.position)
        select.bind(5, task.until)
        select.bind(6, Self.maximumTags)
        var looked: Int64 = 0
        var wraps: [Int64] = []
        while wraps.count < count, try select.step() {
            looked += 1
            task.place = IndexEntry(
                createdAt: select.integer(0),
                tie: select.integer(1),
                position: select.integer(2)
            )
            if select.integer(3) == Int64(Kind.giftWrap.rawValue) { wraps.append(task.place.position) }
        }
        select.reset()
        var removed = 0
        for position in wraps {
            // Two tags may share a hash; whose gift wrap it is shows in the event itself.
            guard let event = try self.rules.event(at: position), event.recipients.contains(task.pubkey) else {
                continue
            }
            try self.remove(event, at: position, cause: .vanished, in: &batch)
            removed += 1
        }
        return (removed, looked < Self.maximumTags && wraps.count < count)
    }

    /// Removes a row, also one whose event cannot be read any more.
    private func removeVanished(_ position: Int64, in batch: inout Batch) throws(StorageError) {
        if let event = try self.rules.event(at: position) {
            return try self.remove(event, at: position, cause: .vanished, in: &batch)
        }
        self.statements.deleteEvent.bind(1, position)
        try self.statements.deleteEvent.run()
    }

    private func keep(_ task: VanishTask, isComplete: Bool) throws(StorageError) {
        let statement = isComplete ? self.vanishes.deleteTask : self.vanishes.updateTask
        statement.bind(1, task.author)
        if !isComplete {
            statement.bind(2, task.place.createdAt)
            statement.bind(3, task.place.tie)
            statement.bind(4, task.place.position)
        }
        try statement.run()
    }
}
