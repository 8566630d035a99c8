extension PostgresStore: StoreTransfer {
    func openSnapshot() throws(StorageError) -> any StoreSnapshot { try self.openPostgresSnapshot() }

    func openPostgresSnapshot() throws(StorageError) -> PostgresSnapshot {
        try PostgresSnapshot(PostgresConnection.open(self.url), self.node.schema)
    }

    func openIntake() throws(StorageError) -> any StoreIntake {
        PostgresWriter(try self.link(.intake))
    }

    /// The database is no file.
    func owns(_ path: String) -> Bool { false }
}
