/// The statements that go along one index: entries of many streams at once, or the rows of one.
struct PostgresStreamStatements: Sendable {
    let author: Walk
    let kind: Walk
    let time: Walk
    let tag: Walk

    /// One statement per direction.
    struct Walk: Sendable {
        private let newestFirst: PostgresStatement
        private let oldestFirst: PostgresStatement

        /// - Parameter sql: writes the statement, given how entries compare with the place where a stream stands, with
        ///   the far edge of the window, and how they are ordered.
        init(_ sql: (_ beyond: String, _ within: String, _ direction: String) -> String) {
            self.newestFirst = PostgresStatement(sql("<", ">=", "DESC"))
            self.oldestFirst = PostgresStatement(sql(">", "<=", "ASC"))
        }

        func statement(_ direction: StoredQuery.Direction) -> PostgresStatement {
            direction == .newestFirst ? self.newestFirst : self.oldestFirst
        }
    }

    /// Entries of streams in arrays: two values that fix the prefix, and where each stands; then the far edge of the
    /// window, and how many entries of each. Gives the stream's number from 1, the entry, and the author, or a tag's
    /// kind.
    static let entries = PostgresStreamStatements(
        author: Self.entries("author", from: "event", where: "i.author = s.first::int4 AND i.kind = s.second"),
        kind: Self.entries("author", from: "event", where: "i.kind = s.second"),
        time: Self.entries("author", from: "event", where: "true"),
        tag: Self.entries("kind", from: "tag", where: "i.hash = s.first")
    )

    private static func entries(_ column: String, from index: String, where prefix: String) -> Walk {
        Walk { beyond, within, direction in
            """
            SELECT s.number, e.* FROM unnest($1::int8[], $2::int4[], $3::int8[], $4::int4[], $5::int8[])
                WITH ORDINALITY AS s(first, second, created_at, tie, position, number)
            CROSS JOIN LATERAL (
                SELECT i.created_at, i.tie, i.position, i.\(column) FROM \(index) AS i
                WHERE \(prefix) AND (i.created_at, i.tie, i.position) \(beyond) (s.created_at, s.tie, s.position)
                    AND i.created_at \(within) $6::int8
                ORDER BY i.created_at \(direction), i.tie \(direction), i.position \(direction) LIMIT $7::int4
            ) AS e
            """
        }
    }

    /// One stream with its rows: where it stands, the far edge of the window, and how many; then what fixes the prefix.
    /// Gives what `PostgresReader.row` reads.
    static let rows = PostgresStreamStatements(
        author: Self.rows(where: "kind = $6::int4 AND author = $7::int4"),
        kind: Self.rows(where: "kind = $6::int4"),
        time: Self.rows(where: "true"),
        tag: Walk { beyond, within, direction in
            """
            SELECT t.created_at, t.tie, t.position, e.xid, t.kind, e.expires_at, e.json FROM (
                SELECT created_at, tie, position, kind FROM tag
                WHERE hash = $6::int8 AND (created_at, tie, position) \(beyond) ($1::int8, $2::int4, $3::int8)
                    AND created_at \(within) $4::int8
                ORDER BY created_at \(direction), tie \(direction), position \(direction) LIMIT $5::int4
            ) AS t
            LEFT JOIN LATERAL (
                SELECT xid, expires_at, json FROM event WHERE position = t.position OFFSET 0
            ) AS e ON true
            ORDER BY t.created_at \(direction), t.tie \(direction), t.position \(direction)
            """
        }
    )

    /// The tag index as above, of which only a stretch is looked at, and of that only these kinds are given; the last
    /// row of the stretch comes with them, whatever its kind, and each row's place in it behind what
    /// `PostgresReader.row` reads.
    static let rowsOfKinds = Walk { beyond, within, direction in
        """
        SELECT t.created_at, t.tie, t.position, e.xid, t.kind, e.expires_at, e.json, t.place FROM (
            SELECT * FROM (
                SELECT l.*, row_number() OVER () AS place FROM (
                    SELECT created_at, tie, position, kind FROM tag
                    WHERE hash = $6::int8 AND (created_at, tie, position) \(beyond) ($1::int8, $2::int4, $3::int8)
                        AND created_at \(within) $4::int8
                    ORDER BY created_at \(direction), tie \(direction), position \(direction) LIMIT $7::int8
                ) AS l
            ) AS n
            WHERE kind = ANY ($8::int4[]) OR place = $7::int8
            LIMIT $5::int4
        ) AS t
        LEFT JOIN LATERAL (
            SELECT xid, expires_at, json FROM event WHERE position = t.position AND t.kind = ANY ($8::int4[]) OFFSET 0
        ) AS e ON true
        ORDER BY t.created_at \(direction), t.tie \(direction), t.position \(direction)
        """
    }

    private static func rows(where prefix: String) -> Walk {
        Walk { beyond, within, direction in
            """
            SELECT created_at, tie, position, xid, kind, expires_at, json FROM event
            WHERE \(prefix) AND (created_at, tie, position) \(beyond) ($1::int8, $2::int4, $3::int8)
                AND created_at \(within) $4::int8
            ORDER BY created_at \(direction), tie \(direction), position \(direction) LIMIT $5::int4
            """
        }
    }
}
