public import Nostr

/// The session that writes. Every call is one durable transaction: when it returns, a power cut changes nothing of it.
public protocol StoreWriter: AnyObject {
    /// Saves events by the rules of NIP-01, NIP-09 and NIP-62, in their order: duplicates, replacement, deletion, and
    /// requests to vanish. The caller has checked signatures and leaves out what is never stored, and requests to
    /// vanish from other relays.
    func save(_ events: [Event]) throws(StorageError) -> SaveResult
    /// Removes events by position; returns how many there were.
    func remove(positions: [Int64]) throws(StorageError) -> Int
    /// Removes events that expired by `now` (seconds since 1970), `count` at most (NIP-40).
    func removeExpired(at now: Int64, atMost count: Int) throws(StorageError) -> [RemovedEvent]
    /// Removes events of keys that have vanished, `count` at most, and says whether any are left (NIP-62). Several
    /// sessions may do so at once.
    func purgeVanished(atMost count: Int) throws(StorageError) -> PurgedEvents
    /// Whether another process has changed anything since the last call.
    func hasForeignChanges() throws(StorageError) -> Bool
    /// Events that other processes saved since the last call, `count` at most, oldest commit first; fewer where they
    /// are large.
    func takeForeignEvents(atMost count: Int) throws(StorageError) -> [StoredEvent]
    /// Changes records, all of them or none, in one transaction.
    func apply(_ changes: [RecordChange]) throws(StorageError) -> RecordOutcome
    /// Ends the session; nothing else may be called after it.
    func close()
}
