/// The statements of the session that indexes words.
struct IndexerStatements {
    let selectMark, updateMark, updateKinds, selectLastPosition: Statement
    let selectGone, selectNew, selectRest: Statement
    let insertDocument, deleteDocument, deleteGone: Statement
    let insertWords, deleteWords: Statement

    init(_ database: Database) throws(StorageError) {
        func value(_ name: String) -> String { "(SELECT value FROM meta WHERE name = '\(name)')" }
        self.selectMark = try database.prepare(
            """
            SELECT \(value("search_mark")), \(value("search_rest")), \(value("search_version")),
                CAST(\(value("search_kinds")) AS BLOB)
            """
        )
        self.updateMark = try database.prepare(
            """
            UPDATE meta SET value = CASE name WHEN 'search_mark' THEN ?1 ELSE ?2 END
            WHERE name IN ('search_mark', 'search_rest')
            """
        )
        self.updateKinds = try database.prepare(
            "UPDATE meta SET value = CAST(?1 AS TEXT) WHERE name = 'search_kinds'"
        )
        self.selectLastPosition = try database.prepare("SELECT value FROM meta WHERE name = 'last_position'")
        self.selectGone = try database.prepare("SELECT position, author, json FROM search_gone ORDER BY position")
        self.selectNew = try database.prepare(
            "SELECT position, author, kind, json FROM event WHERE position > ?1 ORDER BY position"
        )
        self.selectRest = try database.prepare(
            """
            SELECT position, author, kind, json,
                EXISTS (SELECT 1 FROM search_document AS d WHERE d.position = e.position)
            FROM event AS e WHERE position <= ?1 ORDER BY position DESC
            """
        )
        self.insertDocument = try database.prepare(
            """
            INSERT INTO search_document SELECT position FROM event WHERE position = ?1
            ON CONFLICT DO NOTHING RETURNING 1
            """
        )
        self.deleteDocument = try database.prepare("DELETE FROM search_document WHERE position = ?1 RETURNING 1")
        self.deleteGone = try database.prepare("DELETE FROM search_gone WHERE position = ?1 RETURNING 1")
        self.insertWords = try database.prepare("INSERT INTO search (rowid, words) VALUES (?1, CAST(?2 AS TEXT))")
        self.deleteWords = try database.prepare(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?1, CAST(?2 AS TEXT))"
        )
    }
}
