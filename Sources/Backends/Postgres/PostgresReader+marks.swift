import Nostr

extension PostgresReader {
    private static let selectMarks = PostgresStatement(
        """
        SELECT position, created_at, kind, expires_at, id FROM event WHERE position > $1::int8
        ORDER BY position LIMIT $2::int4
        """
    )

    private static let selectWhole = PostgresStatement(
        "SELECT position, json FROM event WHERE position > $1::int8 ORDER BY position LIMIT $2::int4"
    )

    /// What has vanished and is not removed yet is told by the events alone.
    private func marks(after row: Int64, without vanishing: Vanishing) throws(StorageError) -> EventMarks {
        var parameters = PostgresParameters()
        parameters.add(int8: row)
        parameters.add(int4: Int32(EventMarks.mostWhole))
        let rows = try self.query(Self.selectWhole, parameters)
        let events = (0..<rows.count).map { (rows.integer($0, 0), Event(canonical: rows.bytes($0, 1))) }
        return EventMarks(events, without: vanishing)
    }

    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        try self.read { () throws(StorageError) in
            var parameters = PostgresParameters()
            parameters.add(int8: row)
            parameters.add(int4: Int32(clamping: count))
            let page = self.beginPage(at: nil)
            let rows = try self.query(Self.selectMarks, parameters)
            guard page.vanishing.isEmpty else { return try self.marks(after: row, without: page.vanishing) }
            let marks = (0..<rows.count).compactMap { index in
                rows.withBytes(index, 4) { Bytes32($0) }.map { id in
                    EventMark(
                        row: rows.integer(index, 0),
                        id: EventID(id),
                        createdAt: rows.integer(index, 1),
                        kind: Kind(UInt16(truncatingIfNeeded: rows.integer(index, 2))),
                        expiresAt: rows.optionalInteger(index, 3)
                    )
                }
            }
            let isLast = rows.count < count
            return EventMarks(marks: marks, next: isLast ? nil : rows.integer(rows.count - 1, 0))
        }
    }
}
