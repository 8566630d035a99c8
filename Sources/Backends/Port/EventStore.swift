public import Nostr

/// A database of events, chosen by the configuration's `database`. Its sessions block, each confined to one thread.
public protocol EventStore: Sendable {
    /// Opens the session that writes, and brings the schema up to date. One at a time in a process.
    func openWriter() throws(StorageError) -> any StoreWriter
    /// Opens a session that reads; the schema must be there.
    func openReader() throws(StorageError) -> any StoreReader
    /// Opens a session that reads and waits for nobody, for short reads on a thread that has other things to do; nil
    /// where the database is not in this process.
    func openQuickReader() throws(StorageError) -> (any StoreReader)?
    /// A number that changes whenever anybody has changed the database, for stores without quick readers; nil while
    /// that cannot be told.
    var version: Int64? { get }
    /// Opens the session that hears what other nodes do; nil where there can be none, or the session that writes
    /// notices what others do.
    func openFollower() throws(StorageError) -> (any StoreFollower)?
    /// Opens the session that indexes words.
    ///
    /// - Parameter kinds: whose events are indexed; all nodes that share a database go by those that the last one of
    ///   them asked for. None empties the index.
    func openIndexer(kinds: KindRanges) throws(StorageError) -> any StoreIndexer
    /// Opens the session that hands ephemeral events to other nodes; nil where there can be none.
    func openAnnouncer() throws(StorageError) -> (any StoreAnnouncer)?
}
