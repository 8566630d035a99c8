import Nostr

/// The statements about the index of words.
enum PostgresSearchStatements {
    static let unindexed = PostgresStatement(
        "SELECT position FROM search_queue ORDER BY number DESC LIMIT $1::int4"
    )
    static let newest = PostgresStatement("SELECT created_at FROM event ORDER BY created_at DESC LIMIT 1")
    static let hits = PostgresStatement(
        """
        SELECT hit_position, hit_second
        FROM search_hits($1::text::tsquery, $2::int8, $3::int8, $4::int8, $5::int4)
        """
    )

    /// Whether this node is the one that indexes, up to the end of the transaction.
    static let lock = PostgresStatement("SELECT pg_try_advisory_xact_lock(hashtext($1::text))")
    static let state = PostgresStatement("SELECT version, rest, kinds FROM search_state")
    static let takeQueue = PostgresStatement(
        """
        WITH taken AS (
            DELETE FROM search_queue
            WHERE number = ANY (ARRAY(SELECT number FROM search_queue ORDER BY number LIMIT $1::int4))
            RETURNING position
        )
        SELECT position FROM taken
        """
    )
    static let rowsByPosition = PostgresStatement(
        "SELECT position, author, kind, json FROM event WHERE position = ANY ($1::int8[])"
    )
    static let rest = PostgresStatement(
        "SELECT position, kind FROM event WHERE position <= $1::int8 ORDER BY position DESC LIMIT $2::int4"
    )
    static let documents = PostgresStatement(
        "SELECT position FROM search_document WHERE position = ANY ($1::int8[])"
    )
    static let delete = PostgresStatement("DELETE FROM search_document WHERE position = ANY ($1::int8[])")
    static let insert = PostgresStatement(
        """
        INSERT INTO search_document (position, created_at, words)
        SELECT q.position, q.created_at, array_to_tsvector(string_to_array(q.words, ' '))
        FROM unnest($1::int8[], $2::int8[], $3::text[]) AS q(position, created_at, words)
        ON CONFLICT DO NOTHING
        """
    )
    static let updateRest = PostgresStatement("UPDATE search_state SET rest = $1::int8")
    static let waiting = PostgresStatement(
        "SELECT count(*) FROM (SELECT FROM search_queue ORDER BY number LIMIT 100000) AS counted"
    )
    /// Starts over with other kinds, or rules; $1 is the version, $2 the kinds, $3 and $4 their bounds.
    static let begin = PostgresStatement(
        """
        WITH forgotten AS (DELETE FROM search_kind WHERE (low, high) NOT IN (
            SELECT * FROM unnest($3::int4[], $4::int4[])
        )), added AS (
            INSERT INTO search_kind (low, high) SELECT * FROM unnest($3::int4[], $4::int4[]) ON CONFLICT DO NOTHING
        )
        UPDATE search_state SET version = $1::int4, kinds = $2::text,
            rest = coalesce((SELECT position FROM event ORDER BY position DESC LIMIT 1), 0)
        """
    )
}

extension SearchExpression {
    /// The expression as PostgreSQL reads a `tsquery`.
    var tsqueryText: String {
        self.clauses.map { terms in
            let alternatives = terms.map { "'\(Self.lexeme($0.word))'" + ($0.isPrefix ? ":*" : "") }
            return "(" + alternatives.joined(separator: " | ") + ")"
        }.joined(separator: " & ")
    }

    /// A word in ASCII, whatever the encoding of the database; what begins alike still does.
    static func lexeme(_ word: String) -> String {
        word.utf8.allSatisfy { $0 < 0x80 } ? word : "~" + Hex.string(word.utf8)
    }
}
