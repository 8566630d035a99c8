/// The schema in PostgreSQL: numbered steps, each made once, all of them under one lock, so that nodes may start at
/// once.
struct PostgresSchema: Sendable {
    /// The schema (name space) of the database that holds everything; it names the channel of notifications too.
    let name: String

    /// - Parameter name: letters, digits and underscores.
    init(name: String = "martlet") { self.name = name }

    /// The number that a database has when all steps are made.
    static var version: Int { Self.steps.count }

    /// - `event.position` names the row. Numbers are given in blocks, and say nothing about the order of commits.
    /// - `event.xid` is the transaction that stored it: snapshots tell what is visible.
    /// - `event.identifier` is the digest of an addressable event's identifier, empty for a replaceable one, else NULL.
    /// - `tie` is the inverted beginning of the id: descending ties are ascending ids.
    /// - `tag.hash` is keyed with `meta.hash_key`; a hit is checked against the event.
    /// - `server_run` is emptied when the server has crashed: it may then give transactions' numbers once more.
    /// - Tombstones name the deleter, so that no stranger can delete what has yet to arrive.
    static let steps = [
        """
        CREATE TABLE meta (name text PRIMARY KEY, value bytea NOT NULL);
        INSERT INTO meta VALUES ('hash_key', decode(replace(gen_random_uuid()::text, '-', ''), 'hex'));

        CREATE TABLE author (
            number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            pubkey bytea NOT NULL UNIQUE
        );

        CREATE SEQUENCE position_block;
        CREATE TABLE event (
            position   bigint PRIMARY KEY,
            xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
            created_at bigint NOT NULL,
            expires_at bigint,
            author     integer NOT NULL,
            kind       integer NOT NULL,
            tie        integer NOT NULL,
            id         bytea NOT NULL UNIQUE,
            identifier bytea,
            json       bytea NOT NULL
        );
        ALTER TABLE event ALTER json SET STORAGE EXTERNAL;
        CREATE INDEX event_by_author ON event (author, kind, created_at, tie, position);
        CREATE INDEX event_by_kind ON event (kind, created_at, tie, position) INCLUDE (author);
        CREATE INDEX event_by_time ON event (created_at, tie, position) INCLUDE (author);
        CREATE INDEX event_by_transaction ON event (xid, position);
        CREATE UNIQUE INDEX event_by_address ON event (author, kind, identifier) WHERE identifier IS NOT NULL;
        CREATE INDEX event_by_expiry ON event (expires_at) WHERE expires_at IS NOT NULL;

        CREATE TABLE tag (
            hash       bigint NOT NULL,
            created_at bigint NOT NULL,
            position   bigint NOT NULL,
            tie        integer NOT NULL,
            kind       integer NOT NULL,
            PRIMARY KEY (hash, created_at, tie, position) INCLUDE (kind)
        );

        CREATE TABLE deleted_event (id bytea, author integer, PRIMARY KEY (id, author));
        CREATE TABLE deleted_address (
            author     integer,
            kind       integer,
            identifier bytea,
            until      bigint NOT NULL,
            PRIMARY KEY (author, kind, identifier)
        );

        CREATE UNLOGGED TABLE ephemeral (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid    xid8 NOT NULL DEFAULT pg_current_xact_id(),
            at     timestamptz NOT NULL DEFAULT now(),
            node   text NOT NULL,
            json   bytea NOT NULL
        );
        CREATE INDEX ephemeral_by_transaction ON ephemeral (xid, number);

        CREATE UNLOGGED TABLE server_run (
            is_one   boolean PRIMARY KEY DEFAULT true CHECK (is_one),
            identity uuid NOT NULL DEFAULT gen_random_uuid()
        );
        """,
        // Revisions are committed in their order: whoever takes the next one holds the one row that counts them.
        """
        CREATE TABLE record (
            section  text NOT NULL,
            key      text NOT NULL,
            value    bytea,
            revision bigint NOT NULL,
            PRIMARY KEY (section, key)
        );
        CREATE UNIQUE INDEX record_by_revision ON record (section, revision);
        CREATE TABLE record_revision (
            is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
            last   bigint NOT NULL
        );
        INSERT INTO record_revision (last) VALUES (0);
        """,
        PostgresSearchSchema.step,
        // Who has vanished, and whose events have not all been removed yet: `recipient` is the hash of their `p` tag,
        // and the last three columns are how far the tag index has been gone along.
        """
        CREATE TABLE vanished (author integer PRIMARY KEY, until bigint NOT NULL);
        CREATE TABLE vanishing (
            author     integer PRIMARY KEY,
            pubkey     bytea NOT NULL,
            until      bigint NOT NULL,
            recipient  bigint NOT NULL,
            created_at bigint NOT NULL,
            tie        integer NOT NULL,
            position   bigint NOT NULL
        );
        """,
    ]

    /// Brings the database up to date. One that is newer than this binary is left as it is.
    ///
    /// - Parameter mayChange: whether steps may be made; else the schema must be there.
    func migrate(_ connection: PostgresConnection, mayChange: Bool) throws(StorageError) {
        let found = try self.found(connection)
        let database = "the PostgreSQL database"
        guard found <= Self.version else {
            throw .newerSchema(path: database, found: found, known: Self.version)
        }
        guard found >= 0 else { throw .damaged(path: database, reason: "its schema has the number \(found)") }
        guard found < Self.version else { return }
        guard mayChange else { throw .olderSchema(path: database, found: found, known: Self.version) }
        try connection.execute(
            "BEGIN; SELECT pg_advisory_xact_lock(hashtext('\(self.name) schema'))",
            timeout: .seconds(60)
        )
        // Another node may have made the steps meanwhile.
        let before = try self.found(connection)
        if before == 0, try self.hasTables(connection) {
            throw .notOurs(path: "the schema \(self.name) of \(database)")
        }
        if before < Self.version {
            let creation = try self.exists(connection) ? "" : "CREATE SCHEMA \(self.name);"
            try connection.execute(
                """
                \(creation)
                SET LOCAL statement_timeout = 0;
                SET LOCAL search_path = \(self.name);
                CREATE TABLE IF NOT EXISTS schema_step (
                    number integer PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now()
                )
                """,
                timeout: .seconds(60)
            )
            for (index, step) in Self.steps.enumerated().dropFirst(before) {
                try connection.execute(
                    step + "\nINSERT INTO schema_step (number) VALUES (\(index + 1))",
                    timeout: .seconds(3_600)
                )
            }
        }
        try connection.execute("COMMIT", timeout: .seconds(60))
    }

    /// Whether there is the name space: somebody else may have made it for us, who may create none.
    private func exists(_ connection: PostgresConnection) throws(StorageError) -> Bool {
        let sql = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = '\(self.name)'"
        return try connection.value(sql) != nil
    }

    /// Whether there is anything in the name space.
    private func hasTables(_ connection: PostgresConnection) throws(StorageError) -> Bool {
        let sql = """
            SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = '\(self.name)' LIMIT 1
            """
        return try connection.value(sql) != nil
    }

    /// The number of the last step that was made.
    private func found(_ connection: PostgresConnection) throws(StorageError) -> Int {
        // The tables of the catalogue are asked: by its name a session may know a table from before it waited for the
        // lock.
        let table = """
            SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = '\(self.name)' AND c.relname = 'schema_step'
            """
        guard try connection.value(table) != nil else { return 0 }
        let number = try connection.value("SELECT max(number) FROM \(self.name).schema_step")
        return number.flatMap { Int($0) } ?? 0
    }
}
