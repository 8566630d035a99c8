import Nostr

/// A session that keeps the index of words (NIP-50) up with what is stored, behind the session that writes. What one
/// call does is one transaction: a crash loses nothing of it and does nothing twice.
public protocol StoreIndexer: AnyObject {
    /// Indexes what was stored, takes out what is gone, and goes on with what was there before; a little at a time.
    func indexNext() throws(StorageError) -> IndexProgress
    /// Ends the session; nothing else may be called after it.
    func close()
}

/// How far an index of words has come.
public struct IndexProgress: Sendable, Hashable {
    /// Events that the call has looked at.
    public var events = 0
    /// Events that are stored and wait to be looked at, more or less.
    public var waiting = 0
    /// Whether events that were there before the index, or its kinds, are still being looked at.
    public var isRebuilding = false
    /// Whether there is more to do at once.
    public var hasMore = false

    public init() {}
}
