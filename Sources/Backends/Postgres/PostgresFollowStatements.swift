/// The statements of a session that hears what other nodes do: what one snapshot has and another has not.
enum PostgresFollowStatements {
    private static func difference(_ table: String, _ key: String, leavingOut condition: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT \(key), xid, json FROM \(table)
            WHERE (xid, \(key)) > ($1::xid8, $2::int8) AND xid < $3::xid8
                AND NOT pg_visible_in_snapshot(xid, $4::text::pg_snapshot)
                AND pg_visible_in_snapshot(xid, $5::text::pg_snapshot) AND \(condition)
            ORDER BY xid, \(key) LIMIT $6::int4
            """
        )
    }

    static let events = Self.difference("event", "position", leavingOut: "xid <> ALL ($7::xid8[])")
    static let ephemeral = Self.difference("ephemeral", "number", leavingOut: "node <> $7::text")

    static let ofTransaction = PostgresStatement(
        "SELECT position, xid, json FROM event WHERE xid = $1::xid8 ORDER BY position"
    )
}
