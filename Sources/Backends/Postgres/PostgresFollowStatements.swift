/// The statements of a session that hears what other nodes do: what one snapshot has and another has not.
enum PostgresFollowStatements {
    /// Bytes of JSON after which a look ends.
    static let maximumBytes = PostgresReadStatements.maximumStretchBytes

    private static func difference(_ table: String, _ key: String, leavingOut condition: String) -> PostgresStatement {
        PostgresStatement(
            PostgresReadStatements.difference(table, key, leavingOut: condition, atMost: maximumBytes)
        )
    }

    static let events = Self.difference("event", "position", leavingOut: "xid <> ALL ($9::xid8[])")
    static let ephemeral = Self.difference("ephemeral", "number", leavingOut: "node <> $9::text")

    /// What was stored last, from a transaction on, the last of it first.
    static let last = PostgresStatement(
        "SELECT id, xid FROM event WHERE xid >= $1::xid8 ORDER BY xid DESC, position DESC LIMIT $2::int4"
    )

    /// Written as a range, since an equal sign would let the planner go along all positions for their order.
    static let ofTransaction = PostgresStatement(
        "SELECT position, xid, json FROM event WHERE xid >= $1::xid8 AND xid <= $1::xid8 ORDER BY xid, position"
    )
}
