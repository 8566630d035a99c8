import Nostr

extension PostgresReader {
    private static let selectMarks = PostgresStatement(
        """
        SELECT position, created_at, kind, expires_at, id FROM event WHERE position > $1::int8
        ORDER BY position LIMIT $2::int4
        """
    )

    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        try self.read { () throws(StorageError) in
            var parameters = PostgresParameters()
            parameters.add(int8: row)
            parameters.add(int4: Int32(clamping: count))
            let rows = try self.query(Self.selectMarks, parameters)
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
