/// The statements that count by an index alone.
struct PostgresCountStatements: Sendable {
    let author: PostgresStatement
    let kind: PostgresStatement
    let time: PostgresStatement

    /// Streams in arrays: two values that fix the prefix, and where each stands; then the oldest second, how many
    /// entries of each are passed over, and the positions that do not count. Gives the stream's number from 1, how many
    /// entries were passed over, how many of them count, and the last one.
    static let tallies = PostgresCountStatements(
        author: Self.tally(where: "i.author = s.first::int4 AND i.kind = s.second"),
        kind: Self.tally(where: "i.kind = s.second"),
        time: Self.tally(where: "true")
    )

    private static func tally(where prefix: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT s.number, e.passed, e.counted, e.last[1], e.last[2], e.last[3]
            FROM unnest($1::int8[], $2::int4[], $3::int8[], $4::int4[], $5::int8[])
                WITH ORDINALITY AS s(first, second, created_at, tie, position, number)
            CROSS JOIN LATERAL (
                SELECT count(*) AS passed, count(*) FILTER (WHERE n.position <> ALL ($8::int8[])) AS counted,
                    min(ARRAY[n.created_at, n.tie::int8, n.position]) AS last
                FROM (
                    SELECT i.created_at, i.tie, i.position FROM event AS i
                    WHERE \(prefix) AND (i.created_at, i.tie, i.position) < (s.created_at, s.tie, s.position)
                        AND i.created_at >= $6::int8
                    ORDER BY i.created_at DESC, i.tie DESC, i.position DESC LIMIT $7::int4
                ) AS n
            ) AS e
            """
        )
    }

    static let expired = PostgresStatement(
        "SELECT position FROM event WHERE expires_at <= $1::int8 ORDER BY expires_at LIMIT $2::int4"
    )

    /// The kinds from one on, one step along the index for each.
    static let kinds = PostgresStatement(
        """
        WITH RECURSIVE step(kind) AS (
            (SELECT kind FROM event WHERE kind >= $1::int4 ORDER BY kind LIMIT 1)
            UNION ALL
            SELECT (SELECT e.kind FROM event e WHERE e.kind > step.kind ORDER BY e.kind LIMIT 1)
            FROM step WHERE step.kind IS NOT NULL
        )
        SELECT kind FROM step WHERE kind IS NOT NULL LIMIT $2::int4
        """
    )

    static let positions = PostgresStatement(
        """
        SELECT (SELECT position FROM event WHERE position >= 0 ORDER BY position LIMIT 1),
            (SELECT position FROM event WHERE position >= 0 ORDER BY position DESC LIMIT 1)
        """
    )
}
