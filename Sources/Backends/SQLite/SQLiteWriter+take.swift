import Nostr

extension SQLiteWriter: StoreIntake {
    func contents() throws(StorageError) -> StoreContents { try self.database.contents() }

    func take(_ items: [StoredItem]) throws(StorageError) -> IntakeSummary {
        try self.write { (batch) throws(StorageError) in
            var summary = IntakeSummary()
            for item in items { try self.take(item, in: &batch, &summary) }
            try self.insertTags(of: &batch)
            summary.removed = batch.result.removed.count
            return summary
        }
    }

    private func take(
        _ item: StoredItem,
        in batch: inout Batch,
        _ summary: inout IntakeSummary
    ) throws(StorageError) {
        switch item {
        case .event(let event):
            switch try self.save(event, deletes: false, in: &batch) {
            case .stored: summary.stored += 1
            case .duplicate: summary.duplicate += 1
            case .superseded: summary.superseded += 1
            case .deleted: summary.deleted += 1
            case .failed: break
            }
        case .deletedEvent(let id, let pubkey):
            summary.tombstones += 1
            try self.bury(id, author: try self.number(of: pubkey), in: &batch)
        case .deletedAddress(let kind, let pubkey, let digest, let until):
            summary.tombstones += 1
            let author = try self.number(of: pubkey)
            try self.bury(kind, author: author, digest: digest.array, until: until, in: &batch)
        }
    }

    private func bury(_ id: EventID, author: Int64, in batch: inout Batch) throws(StorageError) {
        if let position = try self.position(of: id, by: author), let event = try self.rules.event(at: position),
            event.kind != .deletion
        {
            try self.remove(event, at: position, cause: .deleted, in: &batch)
        }
        let key = id.bytes.array
        self.statements.insertDeletedEvent.bind(1, key.span)
        self.statements.insertDeletedEvent.bind(2, author)
        try self.statements.insertDeletedEvent.run()
    }

    private func bury(
        _ kind: Kind,
        author: Int64,
        digest: [UInt8],
        until: Int64,
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
