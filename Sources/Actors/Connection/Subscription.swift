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

    /// Keeps an event, or gives up those that the database has.
    mutating func append(_ event: Event, position: Int64?, atMost count: Int) {
        if self.events.count >= count, !self.hasOverflowed {
            self.hasOverflowed = true
            self.events.removeAll { $0.position != nil }
        }
        guard self.events.count < count, !self.hasOverflowed || position == nil else { return }
        self.events.append((event, position))
    }

    mutating func remove(_ ids: Set<EventID>) { self.events.removeAll { ids.contains($0.event.id) } }
}
