import Nostr

extension SQLiteReader {
    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        try self.database.transaction("BEGIN") { () throws(StorageError) in
            let vanishing = try self.vanishing()
            guard vanishing.isEmpty else { return try self.marks(after: row, without: vanishing) }
            return try self.allMarks(after: row, atMost: count)
        }
    }

    /// What has vanished and is not removed yet is told by the events alone.
    private func marks(after row: Int64, without vanishing: Vanishing) throws(StorageError) -> EventMarks {
        self.selectCommitted.bind(1, row)
        self.selectCommitted.bind(2, Int64(EventMarks.mostWhole))
        defer { self.selectCommitted.reset() }
        var rows: [(row: Int64, event: Event?)] = []
        while try self.selectCommitted.step() {
            rows.append((self.selectCommitted.integer(0), Event(canonical: self.selectCommitted.bytes(1))))
        }
        return EventMarks(rows, without: vanishing)
    }

    private func allMarks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        self.selectMarks.bind(1, row)
        self.selectMarks.bind(2, Int64(count))
        defer { self.selectMarks.reset() }
        var marks: [EventMark] = []
        marks.reserveCapacity(count)
        var (rows, last) = (0, row)
        while try self.selectMarks.step() {
            rows += 1
            last = self.selectMarks.integer(0)
            // What has no id is damaged, and no event any more.
            guard let id = self.selectMarks.withBytes(4, { EventID(hex: $0) }) else { continue }
            marks.append(
                EventMark(
                    row: last,
                    id: id,
                    createdAt: self.selectMarks.integer(1),
                    kind: Kind(UInt16(truncatingIfNeeded: self.selectMarks.integer(2))),
                    expiresAt: self.selectMarks.optionalInteger(3)
                )
            )
        }
        return EventMarks(marks: marks, next: rows < count ? nil : last)
    }
}
