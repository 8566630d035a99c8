/// The statements by which a session that reads asks the index of words.
struct SearchStatements {
    let selectUnindexed, selectStretch: Statement

    init(_ database: Database) throws(StorageError) {
        self.selectUnindexed = try database.prepare(
            """
            SELECT position FROM event WHERE position > (SELECT value FROM meta WHERE name = 'search_mark')
            ORDER BY position DESC LIMIT ?1
            """
        )
        self.selectStretch = try database.prepare(
            """
            SELECT rowid FROM search WHERE search MATCH CAST(?1 AS TEXT) AND rowid <= ?2 AND rowid >= ?3
            ORDER BY rowid DESC LIMIT ?4
            """
        )
    }
}

extension SearchExpression {
    /// The expression as FTS5 reads it. Words hold neither quotes nor spaces.
    var matchText: String {
        self.clauses.map { terms in
            let alternatives = terms.map { "\"\($0.word)\"" + ($0.isPrefix ? " *" : "") }
            return "(" + alternatives.joined(separator: " OR ") + ")"
        }.joined(separator: " AND ")
    }
}
