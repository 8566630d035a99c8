import Nostr

extension SQLiteWriter: StoreIntake {
    func contents() throws(StorageError) -> StoreContents { try self.database.contents() }

    func take(_ items: [StoredItem]) throws(StorageError) -> IntakeSummary {
        try self.write { (batch) throws(StorageError) in
            var summary = IntakeSummary()
            for item in items { try self.take(item, in: &batch, &summary) }
            try self.insertTags(of: &batch)
            try self.beginPurge(in: &batch)
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
            case .vanished: summary.vanished += 1
            case .failed: break
            }
        case .deletedEvent(let id, let pubkey):
            summary.tombstones += 1
            try self.bury(id, by: pubkey, try self.number(of: pubkey), in: &batch)
        case .deletedAddress(let kind, let pubkey, let digest, let until):
            summary.tombstones += 1
            let author = try self.number(of: pubkey)
            try self.delete(kind, digest: digest.array, until: until, author: author, in: &batch)
        case .vanished(let pubkey, let until):
            summary.tombstones += 1
            try self.vanish(pubkey, author: try self.number(of: pubkey), until: until, in: &batch)
        case .record(let record): summary.count(try self.records.take(record))
        }
    }

    private func bury(
        _ id: EventID,
        by pubkey: PublicKey,
        _ author: Int64,
        in batch: inout Batch
    ) throws(StorageError) {
        if let position = try self.position(of: id, deletableBy: pubkey, author),
            let event = try self.rules.event(at: position), !event.kind.standsDeletion
        {
            try self.remove(event, at: position, cause: .deleted, in: &batch)
        }
        try self.mark(id, deletedBy: author)
    }
}
