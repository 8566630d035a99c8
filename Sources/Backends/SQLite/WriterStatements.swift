/// The statements of the session that writes.
struct WriterStatements {
    let selectLastPosition, updateLastPosition, dataVersion: Statement
    let insertAuthor, selectAuthor: Statement
    let insertEvent, insertTag, insertAddress: Statement
    let selectID, selectRange, selectExpired: Statement
    let deleteEvent, deleteTag, deleteAddress: Statement
    let insertDeletedEvent, insertDeletedAddress: Statement

    init(_ database: Database) throws(StorageError) {
        self.selectLastPosition = try database.prepare("SELECT value FROM meta WHERE name = 'last_position'")
        self.updateLastPosition = try database.prepare("UPDATE meta SET value = ?1 WHERE name = 'last_position'")
        self.dataVersion = try database.prepare("PRAGMA data_version")
        self.insertAuthor = try database.prepare("INSERT INTO author (pubkey) VALUES (?1) ON CONFLICT DO NOTHING")
        self.selectAuthor = try database.prepare("SELECT number FROM author WHERE pubkey = ?1")
        self.insertEvent = try database.prepare(
            """
            INSERT INTO event (position, id_prefix, author, kind, created_at, tie, expires_at, json)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
        )
        self.insertTag = try database.prepare("INSERT INTO tag VALUES (?1, ?2, ?3, ?4, ?5)")
        self.insertAddress = try database.prepare("INSERT INTO address VALUES (?1, ?2, ?3, ?4)")
        self.selectID = try database.prepare("SELECT position, author, json, kind FROM event WHERE id_prefix = ?1")
        self.selectRange = try database.prepare(
            "SELECT position, json FROM event WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT ?3"
        )
        self.selectExpired = try database.prepare(
            "SELECT position FROM event WHERE expires_at IS NOT NULL AND expires_at <= ?1 LIMIT ?2"
        )
        self.deleteEvent = try database.prepare("DELETE FROM event WHERE position = ?1")
        self.deleteTag = try database.prepare(
            "DELETE FROM tag WHERE hash = ?1 AND created_at = ?2 AND tie = ?3 AND position = ?4"
        )
        self.deleteAddress = try database.prepare(
            "DELETE FROM address WHERE author = ?1 AND kind = ?2 AND identifier = ?3"
        )
        self.insertDeletedEvent = try database.prepare(
            "INSERT INTO deleted_event VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        )
        self.insertDeletedAddress = try database.prepare(
            """
            INSERT INTO deleted_address VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET until = max(until, excluded.until)
            """
        )
    }
}
