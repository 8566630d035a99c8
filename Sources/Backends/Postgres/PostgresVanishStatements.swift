import Nostr

/// The statements by which keys vanish, and their events are removed (NIP-62).
enum PostgresVanishStatements {
    static let vanish = PostgresStatement(
        """
        WITH barred AS (
            INSERT INTO vanished (author, until) SELECT * FROM unnest($1::int4[], $3::int8[])
            ON CONFLICT (author) DO UPDATE SET until = greatest(vanished.until, excluded.until)
        )
        INSERT INTO vanishing (author, pubkey, until, recipient, created_at, tie, position)
        SELECT author, pubkey, until, recipient, \(Int64.min), 0, 0
        FROM unnest($1::int4[], $2::bytea[], $3::int8[], $4::int8[]) AS q(author, pubkey, until, recipient)
        ON CONFLICT (author) DO UPDATE SET until = greatest(vanishing.until, excluded.until)
        """
    )

    static let vanishing = PostgresStatement("SELECT pubkey, until FROM vanishing")

    private static let task = "author, pubkey, until, recipient, created_at, tie, position"

    /// The first key that no other node is at work on.
    static let nextTask = PostgresStatement(
        "SELECT \(task) FROM vanishing ORDER BY author LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    static let tasks = PostgresStatement(
        "SELECT \(task) FROM vanishing WHERE author = ANY ($1::int4[]) ORDER BY author"
    )

    static let updateTask = PostgresStatement(
        "UPDATE vanishing SET created_at = $2::int8, tie = $3::int4, position = $4::int8 WHERE author = $1::int4"
    )
    static let deleteTask = PostgresStatement("DELETE FROM vanishing WHERE author = $1::int4")

    /// Removes what an author has written up to a second, one step along the index for each kind, and gives what the
    /// tags are found by.
    static let deleteWritten = PostgresStatement(
        """
        DELETE FROM event WHERE position = ANY (ARRAY(
            SELECT e.position FROM (
                WITH RECURSIVE step(kind) AS (
                    (SELECT e.kind FROM event e WHERE e.author = $1::int4 ORDER BY e.kind LIMIT 1)
                    UNION ALL
                    SELECT (
                        SELECT e.kind FROM event e WHERE e.author = $1::int4 AND e.kind > step.kind
                        ORDER BY e.kind LIMIT 1
                    ) FROM step WHERE step.kind IS NOT NULL
                )
                SELECT kind FROM step WHERE kind IS NOT NULL AND kind <> \(Kind.vanish)
            ) AS k
            CROSS JOIN LATERAL (
                SELECT position FROM event WHERE author = $1::int4 AND kind = k.kind AND created_at <= $2::int8
                ORDER BY created_at, tie, position LIMIT $3::int4
            ) AS e
            LIMIT $3::int4
        ))
        RETURNING position, id, created_at, tie, json
        """
    )

    /// The next entries of a tag, oldest first, with the event of each gift wrap.
    static let received = PostgresStatement(
        """
        SELECT t.created_at, t.tie, t.position, e.json FROM (
            SELECT created_at, tie, position, kind FROM tag
            WHERE hash = $1::int8 AND (created_at, tie, position) > ($2::int8, $3::int4, $4::int8)
                AND created_at <= $5::int8
            ORDER BY created_at, tie, position LIMIT $6::int4
        ) AS t
        LEFT JOIN LATERAL (
            SELECT json FROM event WHERE position = t.position AND t.kind = \(Kind.giftWrap) OFFSET 0
        ) AS e ON true
        ORDER BY t.created_at, t.tie, t.position
        """
    )
}
