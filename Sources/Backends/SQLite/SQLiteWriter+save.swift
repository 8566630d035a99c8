import Nostr

extension SQLiteWriter {
    /// Saves one event by the rules, in the order that they are stated in NIP-01, NIP-09 and NIP-62.
    ///
    /// - Parameter deletes: whether a deletion request, or one to vanish, is carried out.
    func save(_ event: Event, deletes: Bool = true, in batch: inout Batch) throws(StorageError) -> SaveOutcome {
        // What has vanished may not be removed yet, and is no duplicate.
        if batch.isAnyVanished, try self.rules.hasVanished(event, author: self.knownNumber(of: event.pubkey)) {
            return .vanished
        }
        guard try !self.isStored(event.id) else { return .duplicate }
        let author = try self.number(of: event.pubkey)
        if try self.rules.isDeleted(event, author: author) { return .deleted }
        let address = event.address
        if let address, try !self.makeWay(for: event, at: address, author: author, in: &batch) { return .superseded }

        batch.position += 1
        try self.insert(event, author: author, in: &batch)
        if let address, event.kind.retention == .addressable {
            try self.remember(address, author: author, position: batch.position)
        }
        if deletes, event.kind == .deletion { try self.apply(deletion: event, author: author, in: &batch) }
        if deletes, event.kind == .vanish {
            try self.vanish(event.pubkey, author: author, until: event.createdAt, in: &batch)
        }
        return .stored(position: CommitPosition(inSequence: batch.position))
    }

    private func isStored(_ id: EventID) throws(StorageError) -> Bool { try self.position(of: id) != nil }

    /// The position of a stored event, by whomever.
    private func position(of id: EventID) throws(StorageError) -> Int64? {
        let select = self.statements.selectID
        select.bind(1, id.indexPrefix)
        defer { select.reset() }
        while try select.step() {
            // Few ids share eight bytes; whether one does shows in the event itself.
            if select.withBytes(2, Event.id(ofCanonical:)) == id { return select.integer(0) }
        }
        return nil
    }

    /// The position of a stored event that somebody may delete: one that they wrote, or a gift wrap for them. What
    /// others wrote is not looked at, which may be much.
    ///
    /// - Parameter author: their number.
    func position(of id: EventID, deletableBy pubkey: PublicKey, _ author: Int64) throws(StorageError) -> Int64? {
        let select = self.statements.selectID
        select.bind(1, id.indexPrefix)
        defer { select.reset() }
        while try select.step() {
            let isOwn = select.integer(1) == author
            guard isOwn || select.integer(3) == Int64(Kind.giftWrap.rawValue),
                select.withBytes(2, Event.id(ofCanonical:)) == id
            else { continue }
            if isOwn || Event(canonical: select.bytes(2))?.recipients.contains(pubkey) == true {
                return select.integer(0)
            }
        }
        return nil
    }

    /// Removes the version of this address that is stored, if the event replaces it.
    ///
    /// - Returns: false where the stored one stands.
    private func makeWay(
        for event: Event,
        at address: Address,
        author: Int64,
        in batch: inout Batch
    ) throws(StorageError) -> Bool {
        guard let position = try self.rules.position(of: address, author: author) else { return true }
        guard let stored = try self.rules.event(at: position) else {
            try self.removeDamaged(position, at: address, author: author)
            return true
        }
        guard event.replaces(createdAt: stored.createdAt, id: stored.id) else { return false }
        try self.remove(stored, at: position, cause: .replaced, in: &batch)
        return true
    }

    private func insert(_ event: Event, author: Int64, in batch: inout Batch) throws(StorageError) {
        let kind = Int64(event.kind.rawValue)
        let insert = self.statements.insertEvent
        insert.bind(1, batch.position)
        insert.bind(2, event.id.indexPrefix)
        insert.bind(3, author)
        insert.bind(4, kind)
        insert.bind(5, event.createdAt)
        insert.bind(6, event.id.tie)
        insert.bind(7, event.expiresAt)
        insert.bind(8, event.json.span)
        try insert.run()
        for hash in self.tagHashes(of: event) {
            batch.tags.append(
                TagRow(hash: hash, createdAt: event.createdAt, tie: event.id.tie, position: batch.position, kind: kind)
            )
        }
    }

    private func remember(_ address: Address, author: Int64, position: Int64) throws(StorageError) {
        let identifier = address.digest
        self.statements.insertAddress.bind(1, author)
        self.statements.insertAddress.bind(2, Int64(address.kind.rawValue))
        self.statements.insertAddress.bind(3, identifier.span)
        self.statements.insertAddress.bind(4, position)
        try self.statements.insertAddress.run()
    }
}
