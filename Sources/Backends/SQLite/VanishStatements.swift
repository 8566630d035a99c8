import Nostr

/// The statements by which a session that writes has keys vanish, and removes their events (NIP-62).
struct VanishStatements {
    let isAnyVanished, insertVanished, insertVanishing: Statement
    let selectTasks, updateTask, deleteTask: Statement
    let selectKind, selectRows, selectTags: Statement

    init(_ database: Database) throws(StorageError) {
        self.isAnyVanished = try database.prepare("SELECT 1 FROM vanished LIMIT 1")
        self.insertVanished = try database.prepare(
            "INSERT INTO vanished VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)"
        )
        self.insertVanishing = try database.prepare(
            """
            INSERT INTO vanishing VALUES (?1, ?2, ?3, ?4, \(Int64.min), 0, 0)
            ON CONFLICT DO UPDATE SET until = max(until, excluded.until)
            """
        )
        self.selectTasks = try database.prepare(
            "SELECT author, pubkey, until, recipient, created_at, tie, position FROM vanishing ORDER BY author LIMIT ?1"
        )
        self.updateTask = try database.prepare(
            "UPDATE vanishing SET created_at = ?2, tie = ?3, position = ?4 WHERE author = ?1"
        )
        self.deleteTask = try database.prepare("DELETE FROM vanishing WHERE author = ?1")
        self.selectKind = try database.prepare(
            "SELECT kind FROM event INDEXED BY event_by_author WHERE author = ?1 AND kind > ?2 ORDER BY kind LIMIT 1"
        )
        self.selectRows = try database.prepare(
            """
            SELECT position FROM event INDEXED BY event_by_author
            WHERE author = ?1 AND kind = ?2 AND created_at <= ?3 LIMIT ?4
            """
        )
        self.selectTags = try database.prepare(
            """
            SELECT created_at, tie, position, kind FROM tag
            WHERE hash = ?1 AND (created_at, tie, position) > (?2, ?3, ?4) AND created_at <= ?5
            ORDER BY created_at, tie, position LIMIT ?6
            """
        )
    }
}
