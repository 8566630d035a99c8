import Nostr

/// A client's subscription, as its connection sees it.
struct Subscription {
    let id: SubscriptionID
    /// What stands before the event in each EVENT message.
    let prefix: [UInt8]
    let filters: [Filter]
    /// The commit position up to which history is shown; live events are those beyond it. Nil before it is known.
    var snapshot: Int64?
    /// Live events that wait for the end of the history; nil when it has been sent.
    var pending: PendingEvents? = PendingEvents()
    /// Whether EOSE was sent. Stored events may still have to be fetched up to the present; ephemeral ones do not wait.
    var isPastStoredEvents = false

    init(_ id: SubscriptionID, _ filters: [Filter]) {
        self.id = id
        self.prefix = RelayMessage.eventPrefix(id)
        self.filters = filters
    }
}

/// Live events that wait until a history is sent.
struct PendingEvents {
    private(set) var events: [(event: Event, position: Int64?)] = []
    /// Whether more came than is kept: what is beyond the snapshot is then read from the database instead.
    private(set) var hasOverflowed = false
    private var stored = 0
    /// Bytes of the ephemeral events, which can be read nowhere else.
    private(set) var ephemeralBytes = 0

    /// Keeps an event. Of those that the database has, `count` are kept at most, and none when there are more.
    mutating func append(_ event: Event, position: Int64?, atMost count: Int) {
        guard position != nil else {
            self.ephemeralBytes += event.json.count
            return self.events.append((event, nil))
        }
        guard !self.hasOverflowed else { return }
        if self.stored < count {
            self.stored += 1
            return self.events.append((event, position))
        }
        self.hasOverflowed = true
        self.events.removeAll { $0.position != nil }
    }

    /// Takes events out that are no longer stored.
    mutating func remove(_ ids: Set<EventID>) {
        let before = self.events.count
        self.events.removeAll { $0.position != nil && ids.contains($0.event.id) }
        self.stored -= before - self.events.count
    }
}
