extension PostgresStore: StoreTransfer {
    func openSnapshot() throws(StorageError) -> any StoreSnapshot { try self.openPostgresSnapshot() }

    /// - Parameter withVanished: see `PostgresSnapshot`.
    func openPostgresSnapshot(withVanished: Bool = false) throws(StorageError) -> PostgresSnapshot {
        try PostgresSnapshot(PostgresConnection.open(self.url), self.node.schema, withVanished: withVanished)
    }

    func openIntake() throws(StorageError) -> any StoreIntake {
        PostgresWriter(try self.link(.intake))
    }

    /// The database is no file.
    func owns(_ path: String) -> Bool { false }
}
