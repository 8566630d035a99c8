import Glibc

/// The place of a schema that is to be made anew: the new one grows beside it, under another name, and takes its place
/// in one transaction. As long as this object lives, no session of Martlet's can use the schema.
final class PostgresPlace {
    let connection: PostgresConnection
    /// The schema that grows.
    let new: PostgresStore
    private let url: PostgresURL
    private let schema: PostgresSchema
    static let patience = Duration.seconds(7 * 86_400)

    /// What stands there.
    enum Occupant { case none, empty, kept }

    private static let settings = """
        SET synchronous_commit = on;
        SET client_min_messages = warning;
        SET default_transaction_isolation = 'read committed';
        SET default_transaction_read_only = off
        """

    /// - Throws: `inUse` where a relay or a command uses the schema.
    init(_ store: PostgresStore) throws(StorageError) {
        self.url = store.url
        self.schema = store.node.schema
        self.new = PostgresStore(store.url, schema: PostgresSchema(name: "\(store.node.schema.name)_restoring"))
        self.connection = try PostgresConnection.open(store.url)
        try self.connection.execute(PostgresSnapshot.settings + ";" + Self.settings)
        guard try PostgresUse.seize(self.schema, on: self.connection) else { throw .inUse(path: self.url.description) }
    }

    private var old: String { self.schema.name }
    private var growing: String { self.new.node.schema.name }
    /// What the old schema is called within a transaction in which a dump needs its name.
    private var hidden: String { "\(self.old)_hidden" }

    private func exists(_ name: String) throws(StorageError) -> Bool {
        try self.connection.value("SELECT 1 FROM pg_namespace WHERE nspname = '\(name)'") != nil
    }

    /// - Throws: `holdsEvents` or `notOurs` where something stands there that is not to be replaced.
    func occupant(replacing: Bool) throws(StorageError) -> Occupant {
        guard try self.exists(self.old) else { return .none }
        let tables = "SELECT 1 FROM pg_class WHERE relnamespace = '\(self.old)'::regnamespace LIMIT 1"
        guard try self.connection.value(tables) != nil else { return .empty }
        do throws(StorageError) {
            guard try self.connection.value("SELECT to_regclass('\(self.old).schema_step')") != nil else {
                throw .notOurs(path: "the schema \(self.old) of \(self.url)")
            }
            try self.connection.execute("SET search_path = \(self.old)")
            let contents = try self.connection.contents()
            guard !contents.isEmpty else { return .empty }
            guard replacing else { throw .holdsEvents(path: self.url.description, contents: contents) }
        } catch {
            guard replacing else { throw error }
        }
        return .kept
    }

    /// Removes what a restoring that was killed has left.
    func clear() throws(StorageError) {
        try self.connection.execute("DROP SCHEMA IF EXISTS \(self.growing) CASCADE", timeout: Self.patience)
    }

    /// Begins a transaction in which the schema's name is free: a dump names it in every statement.
    func beginLoading() throws(StorageError) {
        try self.connection.execute("BEGIN")
        try self.clear()
        if try self.exists(self.old) {
            try self.connection.execute("ALTER SCHEMA \(self.old) RENAME TO \(self.hidden)")
        }
        try self.connection.execute("CREATE SCHEMA \(self.old)")
    }

    /// Gives the new schema its own name, and ends the transaction.
    ///
    /// - Throws: `notOurs` or `newerSchema` where the dump was of something else.
    func endLoading(of backup: String) throws(StorageError) {
        let steps = "\(self.old).schema_step"
        guard try self.connection.value("SELECT to_regclass('\(steps)')") != nil,
            let version = try self.connection.value("SELECT max(number) FROM \(steps)").flatMap({ Int($0) })
        else { throw .notOurs(path: backup) }
        guard version <= PostgresSchema.version else {
            throw .newerSchema(path: backup, found: version, known: PostgresSchema.version)
        }
        try self.connection.execute(self.schema.sequences, timeout: Self.patience)
        try self.connection.execute("ALTER SCHEMA \(self.old) RENAME TO \(self.growing)")
        if try self.exists(self.hidden) {
            try self.connection.execute("ALTER SCHEMA \(self.hidden) RENAME TO \(self.old)")
        }
        try self.connection.execute("COMMIT", timeout: Self.patience)
        try self.new.node.schema.migrate(self.connection, mayChange: true)
    }

    /// Bytes of the new schema's tables and indexes.
    func bytes() throws(StorageError) -> Int {
        try self.connection.execute("SET search_path = \(self.growing); ANALYZE event, tag", timeout: Self.patience)
        return Int(try self.connection.query(PostgresReadStatements.bytes).integer(0, 0))
    }

    /// Gives the new schema the name of the old one, which goes; where it is kept its new name is returned.
    func publish(over occupant: Occupant) throws(StorageError) -> String? {
        var aside: String?
        try self.connection.execute("BEGIN")
        switch occupant {
        case .none: break
        case .empty:
            try self.connection.execute("DROP SCHEMA IF EXISTS \(self.old) CASCADE", timeout: Self.patience)
        case .kept:
            let name = try self.freeName()
            try self.connection.execute("ALTER SCHEMA \(self.old) RENAME TO \(name)")
            aside = name
        }
        try self.connection.execute("ALTER SCHEMA \(self.growing) RENAME TO \(self.old)")
        try self.connection.execute("COMMIT", timeout: Self.patience)
        self.connection.close()
        return aside
    }

    /// Leaves everything as it was.
    func giveUp() {
        // The connection may be in a transaction that failed, or closed; the lock is given back with it.
        try? self.connection.execute("ROLLBACK")
        try? self.clear()
        self.connection.close()
    }

    private func freeName() throws(StorageError) -> String {
        let stamp = try self.connection.value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS')") ?? ""
        // A name has 63 bytes at most, and is cut off else.
        let name = "\(self.old.prefix(36))_before_\(stamp)"
        var free = name
        for attempt in 2...100 where try self.exists(free) { free = "\(name)_\(attempt)" }
        return free
    }
}
