/// A database of events, chosen by the configuration's `database`. Its sessions block, each confined to one thread.
public protocol EventStore: Sendable {
    /// Opens the session that writes, and brings the schema up to date. One at a time in a process.
    func openWriter() throws(StorageError) -> any StoreWriter
    /// Opens a session that reads; the schema must be there.
    func openReader() throws(StorageError) -> any StoreReader
}
