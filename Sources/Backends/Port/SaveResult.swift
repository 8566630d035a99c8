public import Nostr

/// What became of a batch.
public struct SaveResult: Sendable {
    /// One per event, in the order of the batch.
    public internal(set) var outcomes: [SaveOutcome] = []
    /// Earlier events that this batch replaced or deleted.
    public internal(set) var removed: [RemovedEvent] = []

    public init(outcomes: [SaveOutcome] = [], removed: [RemovedEvent] = []) {
        self.outcomes = outcomes
        self.removed = removed
    }
}

/// What became of one event.
public enum SaveOutcome: Sendable, Hashable {
    /// It is durable, at this commit position.
    case stored(position: Int64)
    /// It was stored already.
    case duplicate
    /// A newer version is stored (NIP-01, replaceable and addressable events).
    case superseded
    /// Its author deleted it (NIP-09).
    case deleted
}

/// An event that is no longer stored.
public struct RemovedEvent: Sendable, Hashable {
    public enum Cause: Sendable { case replaced, deleted, expired }

    public let id: EventID
    public let position: Int64
    public let cause: Cause
}

/// A stored event with its commit position.
public struct StoredEvent: Sendable {
    public let event: Event
    public let position: Int64
}

/// A stretch of the commit order.
public struct CommittedEvents: Sendable {
    /// What is still stored of it, oldest commit first.
    public let events: [StoredEvent]
    /// The last position of the stretch.
    public let lastPosition: Int64
    /// Whether the stretch reaches up to the last commit.
    public let isComplete: Bool
}
