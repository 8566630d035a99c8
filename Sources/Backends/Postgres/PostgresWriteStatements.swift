import Nostr

/// The statements of a session that writes.
enum PostgresWriteStatements {
    /// Authors that have no number yet get one; those that have one are told too.
    static let insertAuthors = PostgresStatement(
        "INSERT INTO author (pubkey) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING"
    )

    /// All that the rules ask: a fresh block of positions (0), stored events by id, by id and author, and by address
    /// (1), tombstones of events (2) and of addresses (3), and keys that
    /// have vanished (4). Gives what it is, a position or time, bytes, author, kind,
    /// time, and the digest of an identifier. Of a gift wrap the JSON stands there, for it tells who may delete it: one
    /// is found by id, whoever asks.
    static let questions = PostgresStatement(
        """
        SELECT 0::int4, nextval('position_block'), NULL::bytea, NULL::int4, NULL::int4, NULL::int8, NULL::bytea
        UNION ALL
        SELECT 1, e.position, e.id, e.author, e.kind, e.created_at, \(identifier) FROM unnest($1::bytea[]) AS q(id)
        CROSS JOIN LATERAL (SELECT * FROM event WHERE id = q.id OFFSET 0) AS e
        UNION ALL
        SELECT 1, e.position, e.id, e.author, e.kind, e.created_at, \(identifier)
        FROM unnest($2::bytea[], $3::int4[]) AS q(id, author)
        CROSS JOIN LATERAL (
            SELECT * FROM event WHERE id = q.id AND (author = q.author OR kind = \(Kind.giftWrap)) OFFSET 0
        ) AS e
        UNION ALL
        SELECT 1, e.position, e.id, e.author, e.kind, e.created_at, e.identifier
        FROM unnest($4::int4[], $5::int4[], $6::bytea[]) AS q(author, kind, identifier)
        CROSS JOIN LATERAL (
            SELECT * FROM event
            WHERE author = q.author AND kind = q.kind AND identifier = q.identifier AND identifier IS NOT NULL OFFSET 0
        ) AS e
        UNION ALL
        SELECT 2, NULL, d.id, d.author, NULL, NULL, NULL FROM unnest($7::bytea[], $8::int4[]) AS q(id, author)
        CROSS JOIN LATERAL (SELECT * FROM deleted_event WHERE id = q.id AND author = q.author OFFSET 0) AS d
        UNION ALL
        SELECT 3, d.until, NULL, d.author, d.kind, NULL, d.identifier
        FROM unnest($9::int4[], $10::int4[], $11::bytea[]) AS q(author, kind, identifier)
        CROSS JOIN LATERAL (
            SELECT * FROM deleted_address
            WHERE author = q.author AND kind = q.kind AND identifier = q.identifier OFFSET 0
        ) AS d
        UNION ALL
        SELECT 4, v.until, NULL, v.author, NULL, NULL, NULL FROM unnest($12::int4[]) AS q(author)
        CROSS JOIN LATERAL (SELECT * FROM vanished WHERE author = q.author OFFSET 0) AS v
        """
    )

    private static let identifier = "CASE WHEN e.kind = \(Kind.giftWrap) THEN e.json ELSE e.identifier END"

    /// Removes rows, and gives what their tags are found by.
    static let deleteEvents = PostgresStatement(
        """
        DELETE FROM event WHERE position = ANY ($1::int8[])
        RETURNING position, id, created_at, tie, json
        """
    )

    /// The same for what has expired; what another node is removing at this moment is left to it.
    static let deleteExpired = PostgresStatement(
        """
        DELETE FROM event WHERE position = ANY (ARRAY(
            SELECT position FROM event WHERE expires_at IS NOT NULL AND expires_at <= $1::int8
            ORDER BY expires_at LIMIT $2::int4 FOR UPDATE SKIP LOCKED
        ))
        RETURNING position, id, created_at, tie, json
        """
    )

    static let deleteTags = PostgresStatement(
        """
        DELETE FROM tag WHERE ctid = ANY (ARRAY(
            SELECT t.ctid
            FROM unnest($1::int8[], $2::int8[], $3::int4[], $4::int8[]) AS q(hash, created_at, tie, position)
            CROSS JOIN LATERAL (
                SELECT ctid FROM tag
                WHERE hash = q.hash AND created_at = q.created_at AND tie = q.tie AND position = q.position OFFSET 0
            ) AS t
        ))
        """
    )

    /// Everything that a batch adds, in one round trip: events, their tags, tombstones. An event that another node has
    /// stored at this moment is left out, with its tags. What can be searched for is put into the queue of the index.
    /// Gives the positions of those that were stored, and the transaction.
    static let insert = PostgresStatement(
        """
        WITH stored AS (
            INSERT INTO event (position, id, author, kind, created_at, tie, expires_at, identifier, json)
            SELECT * FROM unnest(
                $1::int8[], $2::bytea[], $3::int4[], $4::int4[], $5::int8[], $6::int4[], $7::int8[], $8::bytea[],
                $9::bytea[]
            )
            ON CONFLICT DO NOTHING RETURNING position, kind
        ), queued AS (
            INSERT INTO search_queue (position) SELECT position FROM stored AS s
            WHERE EXISTS (SELECT FROM search_kind AS k WHERE k.low <= s.kind AND k.high >= s.kind OFFSET 0)
        ), tags AS (
            INSERT INTO tag (hash, created_at, tie, position, kind)
            SELECT q.* FROM unnest($10::int8[], $11::int8[], $12::int4[], $13::int8[], $14::int4[])
                AS q(hash, created_at, tie, position, kind)
            WHERE q.position IN (SELECT position FROM stored)
        ), events_deleted AS (
            INSERT INTO deleted_event (id, author) SELECT * FROM unnest($15::bytea[], $16::int4[])
            ON CONFLICT DO NOTHING
        ), addresses_deleted AS (
            INSERT INTO deleted_address (author, kind, identifier, until)
            SELECT * FROM unnest($17::int4[], $18::int4[], $19::bytea[], $20::int8[])
            ON CONFLICT (author, kind, identifier) DO UPDATE SET until = greatest(deleted_address.until, excluded.until)
        )
        SELECT position, pg_current_xact_id() FROM stored
        """
    )

    static let transaction = PostgresStatement("SELECT pg_current_xact_id()")
    /// What has become of a transaction; NULL where the server has forgotten it.
    static let status = PostgresStatement("SELECT pg_xact_status($1::xid8)")

    /// Which of these events are stored, and by which transaction.
    static let storedBy = PostgresStatement(
        """
        SELECT e.id, e.xid FROM unnest($1::bytea[]) AS q(id)
        CROSS JOIN LATERAL (SELECT id, xid FROM event WHERE id = q.id OFFSET 0) AS e
        """
    )

    /// Hands ephemeral events to the other nodes; nothing of it is kept, and nothing waits for a disk.
    static let announce = PostgresStatement(
        """
        WITH handed AS (INSERT INTO ephemeral (node, json) SELECT $1::text, unnest($2::bytea[]))
        SELECT pg_notify($3::text, $4::text)
        """
    )
    static let forgetEphemeral = PostgresStatement("DELETE FROM ephemeral WHERE at < now() - interval '2 minutes'")
}
