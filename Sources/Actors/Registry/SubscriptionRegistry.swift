import Backends
public import NIOCore
import Nostr

/// The subscriptions of the connections of one event loop, on that loop; one commit costs it one message.
public actor SubscriptionRegistry {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    nonisolated let loop: any EventLoop

    private var watches: [SubscriptionKey: Watch] = [:]
    private var index = FilterIndex<WatchedFilter>()
    /// Subscriptions that are not in the index yet: many are closed before the next event comes.
    private var unfiled: Set<SubscriptionKey> = []
    private var replaying: Set<SubscriptionKey> = []
    private var lastKey: UInt64 = 0
    private var lastEvent: UInt64 = 0
    private var recent = RecentEvents()
    /// Connections with events that are not handed to the socket yet, and whether a task will do it.
    private var unflushed: [Connection] = []
    private var awaitsFlush = false
    private var pace = FlushPace()
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
        var filters = filters
        // The list is the connection's own, as long as nothing is taken out of it.
        if filters.contains(where: \.isUnsatisfiable) { filters.removeAll(where: \.isUnsatisfiable) }
        if filters.count > 1 { filters = Array(Set(filters)) }
        self.watches[key] = Watch(filters, of: connection)
        self.unfiled.insert(key)
        self.replaying.insert(key)
        self.metrics.activeSubscriptions.add()
        return key
    }

    /// Notes that a subscription's history has been sent.
    func finishReplay(_ key: SubscriptionKey) { self.replaying.remove(key) }

    /// Forgets a subscription.
    func remove(_ key: SubscriptionKey) {
        guard let watch = self.watches.removeValue(forKey: key) else { return }
        self.unfiled.remove(key)
        for watched in watch.filed { self.index.remove(watched.filter, watched) }
        self.replaying.remove(key)
        self.metrics.activeSubscriptions.add(-1)
    }

    /// Puts the subscriptions that came since the last event into the index.
    private func file() {
        guard !self.unfiled.isEmpty else { return }
        for key in self.unfiled {
            self.watches[key]?.file(as: key)
            for watched in self.watches[key]?.filed ?? [] { self.index.insert(watched.filter, watched) }
        }
        self.unfiled.removeAll(keepingCapacity: self.unfiled.count < 1_000)
    }

    /// Does nothing, behind all that waits for the loop.
    func settle() {}

    /// Whether the event was stored lately: a hint that saves a look into the database, and decides nothing.
    func isRecent(_ id: EventID) -> Bool { self.recent.contains(id) }

    /// Hands events to the subscriptions that they match, and flushes each connection once.
    func publish(_ publication: Publication) {
        if publication.takesAway { self.forget(publication) }
        if !publication.events.isEmpty { self.file() }
        for (event, position) in publication.events {
            if position != nil { self.recent.insert(event.id) }
            self.lastEvent += 1
            let number = self.lastEvent
            let lookup = TagLookup(event)
            let words = EventWords(event)
            let live = LiveEvent(event, position: position)
            self.index.forEachCandidate(of: event, lookup) { watched in
                guard watched.isNew(event, number, lookup, words) else { return }
                let key = watched.key
                let isFirst = watched.connection.assumeIsolated { $0.deliver(live, to: key) }
                if isFirst { self.unflushed.append(watched.connection) }
            }
        }
        guard !self.unflushed.isEmpty, !self.awaitsFlush else { return }
        let wait = self.pace.wait(age: publication.age, now: Self.now)
        guard wait > 0 else { return self.flush() }
        self.awaitsFlush = true
        self.loop.scheduleTask(in: .nanoseconds(Int64(wait))) {
            self.assumeIsolated { $0.flush() }
        }
    }

    private static var now: Int { Int(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds) }

    /// Tells subscriptions whose history is being sent what is no longer stored, and takes what has vanished from what
    /// is not written yet.
    private func forget(_ publication: Publication) {
        if !publication.vanished.isEmpty {
            for connection in self.unflushed { connection.assumeIsolated { $0.forgetLive(publication.vanished) } }
        }
        for key in self.replaying {
            self.watches[key]?.connection.assumeIsolated { connection in
                if publication.isForeign { connection.doubtPending(key) }
                connection.forget(publication.removed, publication.vanished, key)
            }
        }
    }

    private func flush() {
        self.awaitsFlush = false
        let connections = self.unflushed
        self.pace.note(calls: connections.count, now: Self.now)
        self.unflushed.removeAll(keepingCapacity: connections.count < 10_000)
        for connection in connections { connection.assumeIsolated { $0.flushLive() } }
    }
}
