public import NIOCore
import Nostr

/// The subscriptions of the connections of one event loop, on that loop; one commit costs it one message.
public actor SubscriptionRegistry {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    nonisolated let loop: any EventLoop

    private struct Subscription {
        let connection: Connection
        let filters: [Filter]
        /// Made when the first event comes: most subscriptions are closed before.
        private lazy var matchers = self.filters.map { Matcher($0) }
        /// The number of the event that was last handed to it: one event, one delivery.
        var lastDelivered: UInt64 = 0
        /// The number of the event that each filter was last tried on: one event, one try, under however many keys.
        var lastTried: [UInt64]

        init(_ filters: [Filter], of connection: Connection) {
            self.connection = connection
            self.filters = filters
            self.lastTried = filters.map { _ in 0 }
        }

        /// Whether an event is to be delivered now, for it matches this filter and was not delivered before.
        mutating func isNew(_ event: Event, _ number: UInt64, to filter: Int, _ lookup: TagLookup?) -> Bool {
            guard self.lastDelivered != number, self.lastTried[filter] != number else { return false }
            self.lastTried[filter] = number
            guard self.matchers[filter].matches(event, lookup) else { return false }
            self.lastDelivered = number
            return true
        }
    }

    private var subscriptions: [SubscriptionKey: Subscription] = [:]
    private var index = FilterIndex()
    /// Subscriptions that are not in the index yet: many are closed before the next event comes.
    private var unfiled: Set<SubscriptionKey> = []
    private var replaying: Set<SubscriptionKey> = []
    private var lastKey: UInt64 = 0
    private var lastEvent: UInt64 = 0
    private var recent = RecentEvents()
    private let metrics: Metrics

    public init(on loop: any EventLoop, metrics: Metrics) {
        self.loop = loop
        self.unownedExecutor = loop.executor.asUnownedSerialExecutor()
        self.metrics = metrics
    }

    /// Registers a subscription as replaying.
    func add(_ filters: [Filter], of connection: Connection) -> SubscriptionKey {
        self.lastKey += 1
        let key = SubscriptionKey(number: self.lastKey)
        var filters = filters.filter { !$0.isUnsatisfiable }
        if filters.count > 1 { filters = Array(Set(filters)) }
        self.subscriptions[key] = Subscription(filters, of: connection)
        self.unfiled.insert(key)
        self.replaying.insert(key)
        self.metrics.activeSubscriptions.add()
        return key
    }

    /// Notes that a subscription's history has been sent.
    func finishReplay(_ key: SubscriptionKey) { self.replaying.remove(key) }

    /// Forgets a subscription.
    func remove(_ key: SubscriptionKey) {
        guard let subscription = self.subscriptions.removeValue(forKey: key) else { return }
        if self.unfiled.remove(key) == nil {
            for (number, filter) in subscription.filters.enumerated() {
                self.index.remove(filter, FilterIndex.Reference(subscription: key, filter: number))
            }
        }
        self.replaying.remove(key)
        self.metrics.activeSubscriptions.add(-1)
    }

    /// Puts the subscriptions that came since the last event into the index.
    private func file() {
        for key in self.unfiled {
            for (number, filter) in (self.subscriptions[key]?.filters ?? []).enumerated() {
                self.index.insert(filter, FilterIndex.Reference(subscription: key, filter: number))
            }
        }
        self.unfiled.removeAll(keepingCapacity: self.unfiled.count < 1_000)
    }

    /// Does nothing, behind all that waits for the loop.
    func settle() {}

    /// Whether the event was stored lately: a hint that saves a look into the database, and decides nothing.
    func isRecent(_ event: Event) -> Bool { self.recent.contains(event.id) }

    /// Hands events to the subscriptions that they match, and flushes each connection once.
    func publish(_ publication: Publication) {
        if publication.isForeign || !publication.removed.isEmpty {
            for key in self.replaying {
                self.subscriptions[key]?.connection.assumeIsolated { connection in
                    if publication.isForeign { connection.doubtPending(key) }
                    connection.forget(publication.removed, key)
                }
            }
        }
        guard !publication.events.isEmpty else { return }
        self.file()
        var dirty: [ObjectIdentifier: Connection] = [:]
        for (event, position) in publication.events {
            if position != nil { self.recent.insert(event.id) }
            self.lastEvent += 1
            let lookup = TagLookup(event)
            self.index.forEachCandidate(of: event, lookup) { reference in
                let key = reference.subscription
                guard let slot = self.subscriptions.index(forKey: key),
                    self.subscriptions.values[slot].isNew(event, self.lastEvent, to: reference.filter, lookup)
                else { return }
                let connection = self.subscriptions.values[slot].connection
                connection.assumeIsolated { $0.deliver(event, position: position, to: key) }
                dirty[ObjectIdentifier(connection)] = connection
            }
        }
        for connection in dirty.values { connection.assumeIsolated { $0.flush() } }
    }
}
