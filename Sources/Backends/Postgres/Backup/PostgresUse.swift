/// Who uses a schema: each session of a node holds a lock that they share, and whoever makes the schema anew wants it
/// alone.
enum PostgresUse {
    /// Locks of authors have the numbers from 0.
    private static func key(_ schema: PostgresSchema) -> String { "hashtext('\(schema.name)'), -1" }

    /// Holds the lock that sessions share, until the connection ends.
    ///
    /// - Throws: `unavailable` while somebody has it alone; it is to be tried again.
    static func share(_ schema: PostgresSchema, on connection: PostgresConnection) throws(StorageError) {
        let isShared = try connection.value("SELECT pg_try_advisory_lock_shared(\(Self.key(schema)))")
        guard isShared == "t" else { throw .unavailable("the database is being restored from a backup") }
    }

    /// Holds the lock alone, until the connection ends; false where somebody else has it.
    static func seize(_ schema: PostgresSchema, on connection: PostgresConnection) throws(StorageError) -> Bool {
        try connection.value("SELECT pg_try_advisory_lock(\(Self.key(schema)))") == "t"
    }
}
