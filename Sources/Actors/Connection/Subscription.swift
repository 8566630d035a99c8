import Backends
import Nostr

/// A client's subscription, as its connection sees it.
final class Subscription {
    let id: SubscriptionID
    /// What stands before the event in each EVENT message.
    let prefix: [UInt8]
    let filters: [Filter]
    /// The uptime in nanoseconds at which it was opened.
    let since: Int
    /// What history shows; live events are those that it does not have. Nil before it is known.
    var snapshot: Snapshot?
    /// Live events that wait for the end of the history; nil when it has been sent.
    var pending: PendingEvents? = PendingEvents()
    /// What was removed of the page that is being read or waits for the client; nil where there is none.
    var removals: PageRemovals?
    /// Whether EOSE was sent. Stored events may still have to be fetched up to the present; ephemeral ones do not wait.
    var isPastStoredEvents = false

    init(_ id: SubscriptionID, _ filters: [Filter], since: Int) {
        self.id = id
        self.prefix = RelayMessage.eventPrefix(id)
        self.filters = filters
        self.since = since
    }
}

/// What is removed from the database between the reading of a page and its sending.
struct PageRemovals {
    private(set) var removed: Set<Int64> = []
    /// Keys that have vanished meanwhile.
    private(set) var vanished = Vanishing()
    /// The page's rows; nil while it is being read.
    private var held: [Int64]?

    /// Notes removals that may concern the page.
    mutating func note(_ positions: Set<Int64>, _ vanished: Vanishing = Vanishing()) {
        self.vanished.formUnion(vanished)
        if let held {
            self.removed.formUnion(held.filter(positions.contains))
        } else {
            self.removed.formUnion(positions)
        }
    }

    /// From now on the page waits.
    mutating func hold(_ positions: [Int64]) {
        self.held = positions
        if !self.removed.isEmpty { self.removed.formIntersection(positions) }
    }
}

/// Live events that wait until a history is sent.
struct PendingEvents {
    private(set) var events: [(event: Event, position: CommitPosition?)] = []
    /// Whether more came than is kept: what is beyond the snapshot is then read from the database instead.
    private(set) var hasOverflowed = false
    private var stored = (events: 0, bytes: 0)
    /// Bytes of the ephemeral events, which can be read nowhere else.
    private(set) var ephemeralBytes = 0

    /// Keeps an event. Of those that the database has, `count` and `bytes` are kept at most, and none when there are
    /// more.
    mutating func append(_ event: Event, position: CommitPosition?, atMost count: Int, bytes: Int) {
        guard position != nil else {
            self.ephemeralBytes += event.json.count
            return self.events.append((event, nil))
        }
        guard !self.hasOverflowed else { return }
        guard self.stored.events < count, self.stored.bytes < bytes else { return self.giveUpStored() }
        self.stored.events += 1
        self.stored.bytes += event.json.count
        self.events.append((event, position))
    }

    /// Leaves the events that the database has to it.
    mutating func giveUpStored() {
        self.hasOverflowed = true
        self.events.removeAll { $0.position != nil }
    }

    /// Takes events out that are no longer stored.
    mutating func remove(_ positions: Set<Int64>, _ vanished: Vanishing = Vanishing()) {
        guard !self.events.isEmpty else { return }
        self.events.removeAll { event, position in
            guard let position, positions.contains(position.row) || vanished.hides(event) else { return false }
            self.stored.events -= 1
            self.stored.bytes -= event.json.count
            return true
        }
    }
}
