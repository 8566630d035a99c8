import Nostr

/// A subscription as the registry sees it: what it asks for, and whose it is.
final class Watch {
    let key: SubscriptionKey
    let connection: Connection
    let filters: [Filter]
    /// Made when the first event comes: most subscriptions are closed before.
    private lazy var matchers = self.filters.map { Matcher($0) }
    /// The number of the event that was last handed to it: one event, one delivery.
    private var lastDelivered: UInt64 = 0
    /// The number of the event that each filter was last tried on: one event, one try, under however many keys.
    private var lastTried: [UInt64]

    init(_ key: SubscriptionKey, _ filters: [Filter], of connection: Connection) {
        self.key = key
        self.filters = filters
        self.connection = connection
        self.lastTried = filters.map { _ in 0 }
    }

    /// Whether an event is to be delivered now, for it matches this filter and was not delivered before.
    func isNew(_ event: Event, _ number: UInt64, to filter: Int, _ lookup: TagLookup?) -> Bool {
        guard self.lastDelivered != number, self.lastTried[filter] != number else { return false }
        self.lastTried[filter] = number
        guard self.matchers[filter].matches(event, lookup) else { return false }
        self.lastDelivered = number
        return true
    }
}

/// One filter of a subscription, as the index knows it.
struct FilterReference: Hashable {
    let watch: Watch
    let filter: Int

    static func == (lhs: Self, rhs: Self) -> Bool { lhs.watch === rhs.watch && lhs.filter == rhs.filter }

    func hash(into hasher: inout Hasher) {
        hasher.combine(self.watch.key)
        hasher.combine(self.filter)
    }
}
