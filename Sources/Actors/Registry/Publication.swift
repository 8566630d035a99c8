import Backends
public import Nostr

/// What one commit, or one ephemeral batch, means to the subscribers.
public struct Publication: Sendable {
    /// Events in commit order; an ephemeral one has no position.
    public let events: [(event: Event, position: Int64?)]
    /// Events that were removed, and must not be sent from a buffer either; one may be stored again behind its removal.
    public let removed: Set<EventID>

    init(events: [(event: Event, position: Int64?)], removed: Set<EventID> = []) {
        self.events = events
        self.removed = removed
    }

    /// What was stored of a batch.
    init(_ events: [Event], _ result: SaveResult) {
        // A batch may hold an event and what replaces or deletes it, and the event once more behind that.
        let gone = Set(result.removed.map(\.position))
        var stored: [(event: Event, position: Int64?)] = []
        for (event, outcome) in zip(events, result.outcomes) {
            guard case .stored(let position) = outcome, !gone.contains(position) else { continue }
            stored.append((event, position))
        }
        self.init(events: stored, removed: Set(result.removed.map(\.id)))
    }

    /// What other processes stored.
    init(stored: [StoredEvent]) {
        self.init(events: stored.map { ($0.event, $0.position) })
    }

    /// Events that are broadcast and never stored.
    init(ephemeral events: [Event]) { self.init(events: events.map { ($0, nil) }) }

    var isEmpty: Bool { self.events.isEmpty && self.removed.isEmpty }
}
