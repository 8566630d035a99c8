public import Nostr

/// A session that hands what nobody stores to the other nodes that share a database.
public protocol StoreAnnouncer: AnyObject {
    /// Hands ephemeral events to the other nodes.
    ///
    /// - Throws: where they were not handed over, or where that cannot be told.
    func announce(_ ephemeral: [Event]) throws(StorageError)
    /// Ends the session; nothing else may be called after it.
    func close()
}
