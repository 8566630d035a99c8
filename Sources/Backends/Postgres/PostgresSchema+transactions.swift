/// The numbers of transactions after a dump was restored: they are those of the server that the dump was made on.
extension PostgresSchema {
    /// The transaction of rows whose own is of another server. It is before all that a server counts, so that whatever
    /// is known at any moment has it.
    static let pastTransaction = 1

    /// Finds rows that were stored, it seems, by transactions which have not begun: nobody would see them before their
    /// time comes, and then they would be told as new.
    ///
    /// One step along an index where there are none, as ever but after `pg_restore`.
    func settleTransactions(_ connection: PostgresConnection) throws(StorageError) {
        let future = "xid >= pg_snapshot_xmax(pg_current_snapshot())"
        let found = "SELECT 1 FROM \(self.name).event WHERE \(future) LIMIT 1"
        guard try connection.value(found, timeout: .seconds(60)) != nil else { return }
        try connection.execute(
            """
            BEGIN;
            SET LOCAL statement_timeout = 0;
            SET LOCAL lock_timeout = 0;
            SELECT pg_advisory_xact_lock(hashtext('\(self.name) schema'));
            UPDATE \(self.name).event SET xid = '\(Self.pastTransaction)' WHERE \(future);
            DELETE FROM \(self.name).ephemeral WHERE \(future);
            \(self.sequences);
            COMMIT
            """,
            timeout: .seconds(86_400)
        )
    }

    /// Statements after which sequences go on behind what was given, and never back.
    var sequences: String {
        let author = "pg_get_serial_sequence('\(self.name).author', 'number')"
        return """
            SELECT setval('\(self.name).position_block', greatest(
                (SELECT last_value FROM \(self.name).position_block),
                (SELECT coalesce(max(position) >> \(PostgresWriter.blockBits), 0) + 1 FROM \(self.name).event)
            ));
            SELECT setval(\(author), greatest(
                (SELECT nextval(\(author))), (SELECT coalesce(max(number), 0) + 1 FROM \(self.name).author)
            ))
            """
    }
}
