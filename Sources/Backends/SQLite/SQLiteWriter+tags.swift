/// A row of the tag index.
struct TagRow: Comparable {
    let hash, createdAt, tie, position, kind: Int64

    /// The order of the index.
    static func < (one: TagRow, other: TagRow) -> Bool {
        (one.hash, one.createdAt, one.tie, one.position) < (other.hash, other.createdAt, other.tie, other.position)
    }
}

extension SQLiteWriter {
    /// Inserts the tags of a batch in the order of the index: hashes lie anywhere, and so each page is visited once.
    func insertTags(of batch: inout Batch) throws(StorageError) {
        let removed = Set(batch.result.removed.map(\.row))
        let insert = self.statements.insertTag
        batch.tags.sort()
        for row in batch.tags where !removed.contains(row.position) {
            insert.bind(1, row.hash)
            insert.bind(2, row.createdAt)
            insert.bind(3, row.tie)
            insert.bind(4, row.position)
            insert.bind(5, row.kind)
            try insert.run()
        }
        batch.areTagsInserted = true
    }
}
