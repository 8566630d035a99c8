import Nostr

/// A session's way to the database: its connection, and what holds as long as that lasts.
final class PostgresLink {
    let node: PostgresNode
    private let session: PostgresSession
    /// Called before a connection is used that is another one than last time, by whomever: what was learnt through the
    /// last one may be lost, if the server has lost it.
    var renew: () -> Void = {}
    /// The connection that `facts` was read through.
    private weak var known: PostgresConnection?
    private var facts = Facts(server: PostgresServer(run: 0, history: ""), hash: SipHash(key: (0, 0)))

    /// What a session has to know before it can do anything.
    struct Facts {
        let server: PostgresServer
        /// Keyed with the database's own key.
        let hash: SipHash
    }

    /// - Parameters:
    ///   - mayBeStandby: whether the session may read from a standby, where nothing is compared with live events.
    ///   - awaitsSchema: whether a session that only reads waits for the one that writes to make the schema.
    ///   - isBulk: whether a great many events are written at once, for which nobody waits.
    init(
        _ url: PostgresURL,
        node: PostgresNode,
        role: PostgresRole,
        mayBeStandby: Bool = false,
        awaitsSchema: Bool = false,
        isBulk: Bool = false
    ) throws(StorageError) {
        self.node = node
        let schema = node.schema
        let connector = try PostgresConnector(url, writing: !mayBeStandby) { connection throws(StorageError) in
            try connection.execute(PostgresRole.common)
            try PostgresUse.share(schema, on: connection)
            do throws(StorageError) {
                try schema.migrate(connection, mayChange: role.writes)
            } catch .olderSchema where awaitsSchema {
                throw .unavailable("its schema is not made yet")
            }
            if role.writes { try schema.settleTransactions(connection) }
            try connection.execute("SET search_path = \(schema.name); " + role.settings(schema))
            guard isBulk || role == .intake else { return }
            try connection.execute("SET statement_timeout = '10min'; SET lock_timeout = '5min'")
            connection.usualTimeout = .seconds(660)
        }
        self.session = PostgresSession(connector)
    }

    func close() { self.session.close() }

    /// Waits for a connection; ends early where waiting is of little use.
    func wait(upTo duration: Duration) throws(StorageError) { try self.session.waitForConnection(upTo: duration) }

    /// Runs `body` on the connection.
    ///
    /// - Parameter retrying: whether it only reads, and may be run again where the connection is lost meanwhile.
    func perform<Result>(
        retrying: Bool = false,
        _ body: (PostgresConnection, Facts) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try self.session.perform(retrying: retrying) { connection throws(StorageError) in
            if self.known !== connection {
                self.renew()
                self.facts = Facts(
                    server: try self.node.server(of: connection),
                    hash: try Self.hash(connection)
                )
                self.known = connection
            }
            return try body(connection, self.facts)
        }
    }

    private static let selectKey = PostgresStatement("SELECT value FROM meta WHERE name = 'hash_key'")

    private static func hash(_ connection: PostgresConnection) throws(StorageError) -> SipHash {
        let rows = try connection.query(Self.selectKey)
        guard rows.count == 1, let hash = SipHash(key: rows.bytes(0, 0)) else {
            throw .damaged(path: "the PostgreSQL database", reason: "the hash key is missing")
        }
        return hash
    }
}

/// What a connection is for, and how it is set up for that.
enum PostgresRole: Sendable {
    case writer, reader, follower
    /// Hands over what nobody waits for.
    case announcer
    /// Indexes words, for which nobody waits.
    case indexer
    /// Takes what another store holds, a great many things at once.
    case intake

    var writes: Bool { self == .writer || self == .intake }

    /// Settings of every session, whatever the server's or the role's own are.
    ///
    /// Plans are made once for a statement and by the indexes alone: each statement is written so that one plan is
    /// left, and what is in the tables at the moment when it is made does not matter. What this session asks for is
    /// small, and a node that is cut off must not keep its locks.
    static let common = """
        SET synchronous_commit = on;
        SELECT set_config('synchronous_commit', reset_val, false) FROM pg_settings
            WHERE name = 'synchronous_commit' AND reset_val = 'remote_apply';
        SET default_transaction_isolation = 'read committed';
        SET default_transaction_read_only = off;
        SET row_security = off;
        SET jit = off;
        SET max_parallel_workers_per_gather = 0;
        SET plan_cache_mode = force_generic_plan;
        SET enable_seqscan = off;
        SET enable_bitmapscan = off;
        SET enable_mergejoin = off;
        SET statement_timeout = '5s';
        SET lock_timeout = '2s';
        SET idle_in_transaction_session_timeout = '15s';
        SET tcp_keepalives_idle = 5;
        SET tcp_keepalives_interval = 2;
        SET tcp_keepalives_count = 3
        """

    func settings(_ schema: PostgresSchema) -> String {
        switch self {
        case .writer: ""
        case .announcer: "SET statement_timeout = '2s'; SET lock_timeout = '1s'"
        case .indexer: "SET synchronous_commit = off; SET statement_timeout = '30s'"
        case .intake: "SET idle_in_transaction_session_timeout = '20min'"
        case .reader: "SET enable_hashjoin = off; SET default_transaction_read_only = on"
        case .follower: "SET default_transaction_read_only = on; LISTEN \(schema.name)"
        }
    }
}
