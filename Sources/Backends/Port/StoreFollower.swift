public import Nostr

/// A session that hears what other nodes do to the database that they share.
public protocol StoreFollower: AnyObject {
    /// What others have done since the last call; waits for something to come, as long as `duration`. After a loss of
    /// the connection it goes on where it was: nothing is left out, and nothing is told twice.
    func nextChanges(waiting duration: Duration) throws(StorageError) -> StoreChanges
    /// Ends the wait of another thread, now and from now on.
    var interruption: StoreInterruption { get }
    /// Ends the session; nothing else may be called after it.
    func close()
}

/// Ends the wait of a follower, from any thread.
public struct StoreInterruption: Sendable {
    let body: @Sendable () -> Void
    public func callAsFunction() { self.body() }
}

/// What other nodes have done.
public struct StoreChanges: Sendable {
    /// What they stored, in the order of the transactions.
    public var events: [StoredEvent] = []
    /// What they accepted and nobody stores.
    public var ephemeral: [Event] = []
    /// Rows that they removed.
    public var removedRows: Set<Int64> = []
    /// Keys that have vanished there.
    public var vanished = Vanishing()
    /// Whether they removed more than is told.
    public var mayHaveRemovedOthers = false
    /// Whether there is more that can be had at once.
    public var hasMore = false

    public init() {}

    public var isEmpty: Bool {
        self.events.isEmpty && self.ephemeral.isEmpty && self.removedRows.isEmpty && self.vanished.isEmpty
            && !self.mayHaveRemovedOthers
    }
}
