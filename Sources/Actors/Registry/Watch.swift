import Nostr

/// A subscription as the registry sees it: what it asks for, and whose it is.
struct Watch {
    let filters: [Filter]
    let connection: Connection
    /// The filters in the index; none before the first event comes, for most subscriptions are closed before.
    private(set) var filed: [WatchedFilter] = []

    init(_ filters: [Filter], of connection: Connection) {
        self.filters = filters
        self.connection = connection
    }

    /// Makes the filters ready to stand in the index.
    mutating func file(as key: SubscriptionKey) {
        let last = LastDelivery()
        self.filed = self.filters.map { WatchedFilter($0, key, of: self.connection, last) }
    }
}

/// The number of the event that was last handed to a subscription: one event, one delivery.
final class LastDelivery {
    var number: UInt64 = 0
}

/// One filter of a subscription, as the index knows it.
final class WatchedFilter {
    let filter: Filter
    let key: SubscriptionKey
    let connection: Connection
    private let lastDelivery: LastDelivery
    private let matcher: Matcher
    /// The number of the event that it was last tried on: one event, one try, under however many keys.
    private var lastTried: UInt64 = 0

    init(_ filter: Filter, _ key: SubscriptionKey, of connection: Connection, _ lastDelivery: LastDelivery) {
        self.filter = filter
        self.key = key
        self.connection = connection
        self.lastDelivery = lastDelivery
        self.matcher = Matcher(FilterIndex<WatchedFilter>.remainder(of: filter))
    }

    /// Whether an event that was found under one of the filter's keys is to be delivered now, for it matches the filter
    /// and was not delivered to the subscription before.
    func isNew(_ event: Event, _ number: UInt64, _ lookup: TagLookup?, _ words: EventWords) -> Bool {
        guard self.lastTried != number, self.lastDelivery.number != number else { return false }
        self.lastTried = number
        guard self.matcher.matches(event, lookup, words) else { return false }
        self.lastDelivery.number = number
        return true
    }
}

extension WatchedFilter: Hashable {
    static func == (lhs: WatchedFilter, rhs: WatchedFilter) -> Bool { lhs === rhs }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
