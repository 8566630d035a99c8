public import Nostr

/// What became of a batch.
public struct SaveResult: Sendable {
    /// One per event, in the order of the batch.
    public internal(set) var outcomes: [SaveOutcome] = []
    /// Earlier events that this batch replaced or deleted.
    public internal(set) var removed: [RemovedEvent] = []
    /// Keys that vanish with this batch: what is left of their events is shown to nobody, and removed later.
    public internal(set) var vanished = Vanishing()

    public init(outcomes: [SaveOutcome] = [], removed: [RemovedEvent] = [], vanished: Vanishing = Vanishing()) {
        self.outcomes = outcomes
        self.removed = removed
        self.vanished = vanished
    }
}

/// What became of one event.
public enum SaveOutcome: Sendable, Hashable {
    /// It is durable, at this position.
    case stored(position: CommitPosition)
    /// It was stored already.
    case duplicate
    /// A newer version is stored (NIP-01, replaceable and addressable events).
    case superseded
    /// Its author deleted it (NIP-09).
    case deleted
    /// Its author has vanished, or one to whom a gift wrap is addressed has (NIP-62).
    case vanished
    /// The database refused it, and it alone.
    case failed
}

/// An event that is no longer stored.
public struct RemovedEvent: Sendable, Hashable {
    public enum Cause: Sendable { case replaced, deleted, expired, vanished }

    public let id: EventID
    /// The row that it had: see `CommitPosition`.
    public let row: Int64
    public let cause: Cause
}

/// A stored event with its position.
public struct StoredEvent: Sendable {
    public let event: Event
    public let position: CommitPosition
}

/// A stretch of the commit order.
public struct CommittedEvents: Sendable {
    /// What is still stored of it, in the order of the transactions.
    public let events: [StoredEvent]
    /// Where the next stretch begins.
    public let cursor: CommitCursor
    /// Whether the stretch reaches up to the cursor's target.
    public let isComplete: Bool
}
