/// A store whose whole contents can be handed to another, of whatever backend.
public protocol StoreTransfer: Sendable {
    /// Opens a session that reads everything; the schema must be there.
    func openSnapshot() throws(StorageError) -> any StoreSnapshot
    /// Opens a session that takes what another store holds; makes the store where there is none.
    func openIntake() throws(StorageError) -> any StoreIntake
    /// Whether a path names a file of the store's own, which nothing else may be written to.
    func owns(_ path: String) throws(StorageError) -> Bool
}
