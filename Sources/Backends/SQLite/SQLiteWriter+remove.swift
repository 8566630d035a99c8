import Nostr

extension SQLiteWriter {
    /// Removes the event at a position with everything that the indexes hold of it.
    func remove(_ position: Int64, cause: RemovedEvent.Cause, in batch: inout Batch) throws(StorageError) {
        guard let event = try self.rules.event(at: position) else { return }
        try self.remove(event, at: position, cause: cause, in: &batch)
    }

    /// Removes a row whose event cannot be read any more, as far as it can be found: it would bar its address for ever.
    func removeDamaged(_ position: Int64, at address: Address, author: Int64) throws(StorageError) {
        try self.removeAddress(address, author: author)
        self.statements.deleteEvent.bind(1, position)
        try self.statements.deleteEvent.run()
    }

    private func removeAddress(_ address: Address, author: Int64) throws(StorageError) {
        guard address.kind.retention == .addressable else { return }
        let identifier = address.digest
        self.statements.deleteAddress.bind(1, author)
        self.statements.deleteAddress.bind(2, Int64(address.kind.rawValue))
        self.statements.deleteAddress.bind(3, identifier.span)
        try self.statements.deleteAddress.run()
    }

    func remove(
        _ event: Event,
        at position: Int64,
        cause: RemovedEvent.Cause,
        in batch: inout Batch
    ) throws(StorageError) {
        // What this transaction has stored is not in the index yet.
        if position <= self.lastPosition || batch.areTagsInserted { try self.removeTags(of: event, at: position) }
        if let address = event.address {
            try self.removeAddress(address, author: try self.number(of: event.pubkey))
        }
        self.statements.deleteEvent.bind(1, position)
        try self.statements.deleteEvent.run()
        batch.result.removed.append(RemovedEvent(id: event.id, row: position, cause: cause))
    }

    private func removeTags(of event: Event, at position: Int64) throws(StorageError) {
        let delete = self.statements.deleteTag
        for hash in self.tagHashes(of: event) {
            delete.bind(1, hash)
            delete.bind(2, event.createdAt)
            delete.bind(3, event.id.tie)
            delete.bind(4, position)
            try delete.run()
        }
    }

    /// Carries a deletion request out: on what is stored now, and, by tombstones, on what arrives later (NIP-09).
    func apply(deletion: Event, author: Int64, in batch: inout Batch) throws(StorageError) {
        for tag in deletion.indexedTags {
            let value = deletion.canonicalValue(of: tag)
            if tag.letter == UInt8(ascii: "e"), let id = EventID(hex: value) {
                try self.delete(id, by: deletion.pubkey, author, in: &batch)
            } else if tag.letter == UInt8(ascii: "a"), let address = Address(canonical: value),
                address.pubkey == deletion.pubkey
            {
                let (kind, digest) = (address.kind, address.digest)
                try self.delete(kind, digest: digest, until: deletion.createdAt, author: author, in: &batch)
            }
        }
    }

    private func delete(
        _ id: EventID,
        by pubkey: PublicKey,
        _ author: Int64,
        in batch: inout Batch
    ) throws(StorageError) {
        if let position = try self.position(of: id, deletableBy: pubkey, author) {
            guard let event = try self.rules.event(at: position), !event.kind.standsDeletion else { return }
            try self.remove(event, at: position, cause: .deleted, in: &batch)
        }
        try self.mark(id, deletedBy: author)
    }

    /// Keeps the tombstone of an event.
    func mark(_ id: EventID, deletedBy author: Int64) throws(StorageError) {
        let key = id.bytes.array
        self.statements.insertDeletedEvent.bind(1, key.span)
        self.statements.insertDeletedEvent.bind(2, author)
        try self.statements.insertDeletedEvent.run()
    }

    /// Deletes the versions of an address up to a second, those that are stored and those that will come.
    ///
    /// - Parameter digest: of the identifier: see `Address.digest`.
    func delete(
        _ kind: Kind,
        digest: [UInt8],
        until: Int64,
        author: Int64,
        in batch: inout Batch
    ) throws(StorageError) {
        let position =
            kind.retention == .replaceable
            ? try self.rules.position(ofReplaceable: kind, author: author)
            : try self.rules.position(ofAddressable: kind, digest: digest, author: author)
        if let position, let event = try self.rules.event(at: position), event.createdAt <= until {
            try self.remove(event, at: position, cause: .deleted, in: &batch)
        }
        self.statements.insertDeletedAddress.bind(1, author)
        self.statements.insertDeletedAddress.bind(2, Int64(kind.rawValue))
        self.statements.insertDeletedAddress.bind(3, digest.span)
        self.statements.insertDeletedAddress.bind(4, until)
        try self.statements.insertDeletedAddress.run()
    }
}
