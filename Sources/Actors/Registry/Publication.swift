public import Backends
public import Nostr

/// What one commit, or one ephemeral batch, means to the subscribers.
public struct Publication: Sendable {
    /// Events in commit order; an ephemeral one has no position.
    public let events: [(event: Event, position: CommitPosition?)]
    /// Rows of events that were removed, and must not be sent from a buffer either.
    public let removed: Set<Int64>
    /// Keys that have vanished: nothing of theirs is sent from a buffer any more (NIP-62).
    public let vanished: Vanishing
    /// Whether another process has changed the database: what it removed is not known.
    public let isForeign: Bool
    /// Nanoseconds that the events have taken from their arrival to their commit, on the whole.
    let age: Int

    init(
        events: [(event: Event, position: CommitPosition?)],
        removed: Set<Int64> = [],
        vanished: Vanishing = Vanishing(),
        isForeign: Bool = false,
        age: Int = 0
    ) {
        self.events = events
        self.removed = removed
        self.vanished = vanished
        self.isForeign = isForeign
        self.age = age
    }

    /// Another process has changed the database.
    static let foreignChange = Publication(events: [], isForeign: true)

    /// What was stored of a batch.
    init(_ events: [Event], _ result: SaveResult, age: Int = 0) {
        // A batch may hold an event and what replaces or deletes it, and the event once more behind that.
        let gone = Set(result.removed.map(\.row))
        var stored: [(event: Event, position: CommitPosition?)] = []
        for (event, outcome) in zip(events, result.outcomes) {
            guard case .stored(let position) = outcome, !gone.contains(position.row), !result.vanished.hides(event)
            else { continue }
            stored.append((event, position))
        }
        self.init(events: stored, removed: gone, vanished: result.vanished, age: age)
    }

    /// What other processes stored.
    init(stored: [StoredEvent]) {
        self.init(events: stored.map { ($0.event, $0.position) })
    }

    /// What other nodes did.
    init(_ changes: StoreChanges) {
        self.init(
            events: changes.events.map { ($0.event, $0.position) } + changes.ephemeral.map { ($0, nil) },
            removed: changes.removedRows,
            vanished: changes.vanished,
            isForeign: changes.mayHaveRemovedOthers
        )
    }

    /// Events that are broadcast and never stored.
    init(ephemeral events: [Event]) { self.init(events: events.map { ($0, nil) }) }

    var isEmpty: Bool { self.events.isEmpty && !self.takesAway }

    /// Whether something that waits to be sent may be gone.
    var takesAway: Bool { !self.removed.isEmpty || !self.vanished.isEmpty || self.isForeign }
}
