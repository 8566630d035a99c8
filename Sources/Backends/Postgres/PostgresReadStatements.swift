/// The statements of a session that reads. Each is written so that one plan is left: by an index, from the array that
/// was handed over to its rows.
enum PostgresReadStatements {
    /// What stands in an index: `IndexEntry`.
    private static let entry = "created_at, tie, position"
    /// What `PostgresReader.row` reads, behind an entry.
    private static let row = "e.created_at, e.tie, e.position, e.xid, e.kind, e.expires_at, e.json"

    static let snapshot = PostgresStatement("SELECT pg_current_snapshot()")

    /// What a page begins with: what is committed, and the keys whose events are shown no more.
    static let opening = PostgresStatement(
        "SELECT pg_current_snapshot(), v.pubkey, v.until FROM (SELECT) AS one LEFT JOIN vanishing AS v ON true"
    )

    static let authors = PostgresStatement(
        """
        SELECT pubkey, number FROM author WHERE pubkey = ANY ($1::bytea[])
        """
    )

    /// The kinds of each author, one step along the index for each.
    static let kinds = PostgresStatement(
        """
        SELECT a.number, k.kind FROM unnest($1::int4[]) AS a(number)
        CROSS JOIN LATERAL (
            WITH RECURSIVE step(kind) AS (
                (SELECT e.kind FROM event e WHERE e.author = a.number ORDER BY e.kind LIMIT 1)
                UNION ALL
                SELECT (
                    SELECT e.kind FROM event e WHERE e.author = a.number AND e.kind > step.kind ORDER BY e.kind LIMIT 1
                ) FROM step WHERE step.kind IS NOT NULL
            )
            SELECT kind FROM step WHERE kind IS NOT NULL LIMIT $2::int4
        ) AS k
        """
    )

    static let entriesByID = PostgresStatement(
        """
        SELECT \(entry), xid FROM event WHERE id = ANY ($1::bytea[])
        """
    )

    static let rowsByID = PostgresStatement(
        """
        SELECT \(row), e.id FROM event AS e WHERE e.id = ANY ($1::bytea[])
        """
    )

    static let rowsByPosition = PostgresStatement(
        """
        SELECT \(row) FROM event AS e WHERE e.position = ANY ($1::int8[])
        """
    )

    /// The rows of authors and kinds, in pairs.
    static let versions = PostgresStatement(
        """
        SELECT \(row), e.author FROM unnest($1::int4[], $2::int4[]) AS q(author, kind)
        CROSS JOIN LATERAL (
            SELECT * FROM event WHERE author = q.author AND kind = q.kind
            ORDER BY created_at DESC, tie DESC, position DESC
        ) AS e
        """
    )

    /// The versions that stand at the addresses of these events, with the number of each event, where no deletion names
    /// it.
    static let superseding = PostgresStatement(
        """
        SELECT q.number, e.created_at, e.id
        FROM unnest($1::bytea[], $2::int4[], $3::int4[], $4::bytea[], $5::int8[])
            WITH ORDINALITY AS q(id, author, kind, identifier, created_at, number)
        CROSS JOIN LATERAL (
            SELECT created_at, id FROM event
            WHERE author = q.author AND kind = q.kind AND identifier = q.identifier AND identifier IS NOT NULL OFFSET 0
        ) AS e
        WHERE NOT EXISTS (SELECT FROM deleted_event WHERE id = q.id AND author = q.author OFFSET 0)
            AND NOT EXISTS (SELECT FROM vanished WHERE author = q.author AND until >= q.created_at OFFSET 0)
            AND NOT EXISTS (
                SELECT FROM deleted_address
                WHERE author = q.author AND kind = q.kind AND identifier = q.identifier
                    AND until >= q.created_at OFFSET 0
            )
        """
    )

    /// What was stored by transactions that one snapshot has and another has not.
    static let committed = PostgresStatement(
        Self.difference("event", "position", atMost: maximumStretchBytes)
    )

    /// Bytes of JSON after which a stretch of the commit order ends.
    static let maximumStretchBytes = 1 << 20

    /// Rows of a table by transactions that one snapshot has and another has not, up to the one with which they take as
    /// many bytes as this; fewer rows than were asked for are all there are only where they take less. The parameters
    /// are those of `PostgresParameters.add(_:upTo:atMost:)`.
    ///
    /// What a snapshot has not are the few transactions that were on their way, and all that began later. So a
    /// transaction that lasts for hours, of whomever, does not make everything since be looked at again and again.
    static func difference(
        _ table: String,
        _ key: String,
        leavingOut condition: String = "true",
        atMost bytes: Int
    ) -> String {
        """
        SELECT \(key), xid, json FROM (
            SELECT \(key), xid, json,
                sum(octet_length(json)) OVER (ORDER BY xid, \(key)) - octet_length(json) AS before
            FROM (
                SELECT * FROM (
                    SELECT e.* FROM unnest($1::xid8[]) AS r(number)
                    CROSS JOIN LATERAL (
                        SELECT \(key), xid, json FROM \(table)
                        WHERE (xid, \(key)) > ($2::xid8, $3::int8) AND xid >= r.number AND xid <= r.number
                            AND \(condition)
                        ORDER BY xid, \(key) LIMIT $8::int4
                    ) AS e
                ) AS late
                UNION ALL
                SELECT * FROM (
                    SELECT \(key), xid, json FROM \(table)
                    WHERE (xid, \(key)) > ($4::xid8, $5::int8) AND xid < $6::xid8
                        AND pg_visible_in_snapshot(xid, $7::text::pg_snapshot) AND \(condition)
                    ORDER BY xid, \(key) LIMIT $8::int4
                ) AS later
                ORDER BY xid, \(key) LIMIT $8::int4
            ) AS found
        ) AS q
        WHERE before < \(bytes) ORDER BY xid, \(key)
        """
    }

    /// Rows by the planner's estimate, and by the tables that are counted.
    static let estimate = PostgresStatement(
        "SELECT greatest(reltuples, 0)::int8 FROM pg_class WHERE oid = 'event'::regclass"
    )
    static let count = PostgresStatement(
        "SELECT count(*) FROM (SELECT FROM event ORDER BY position LIMIT $1::int4) AS counted"
    )
    static let bytes = PostgresStatement(
        """
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8
        FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'event'::regclass)
        """
    )
}
