import Backends
public import Nostr

/// Counters that all threads add to without waiting for one another.
public final class Metrics: Sendable {
    public let activeConnections = Counter()
    public let totalConnections = Counter()
    public let activeSubscriptions = Counter()
    public let activeNegentropySessions = Counter()
    /// Records that reconciliations hold of their own.
    public let negentropyRecords = Counter()
    public let messagesReceived = Counter()
    public let eventsSent = Counter()
    public let bytesReceived = Counter()
    public let commits = Counter()
    public let storageFailures = Counter()
    /// Nanoseconds of the clock that never runs back; zero where no transaction has failed.
    public let storageFailedAt = Counter()
    public let slowClientsClosed = Counter()
    /// Events that other nodes accepted.
    public let eventsOfOtherNodes = Counter()
    /// Ephemeral events that were not handed to other nodes.
    public let announcementsDropped = Counter()
    public let queries = Histogram()
    /// Queries that were answered from memory.
    public let resultCacheHits = Counter()
    /// Queries that were ended because they took too long.
    public let queriesCut = Counter()
    /// Events that the index of words has looked at, those that wait for it, and whether it is being made anew.
    public let searchIndexed = Counter()
    public let searchLag = Counter()
    public let searchRebuilds = Counter()
    public let counts = Counter()
    /// Counts of which some was estimated because they took too long.
    public let countsEstimated = Counter()
    public let received = KindCounters()
    public let stored = KindCounters()
    public let rejected = ReasonCounters<Refusal.Prefix>()
    public let rateLimited = ReasonCounters<RateLimitType>()
    /// AUTH messages (NIP-42).
    public let authentications = ReasonCounters<Judgement>()

    public init() {}

    /// Which limit was hit.
    public enum RateLimitType: String, CaseIterable, Sendable {
        case connections, messages, events
    }

    public enum Judgement: String, CaseIterable, Sendable { case accepted, refused }

    func countStorageFailure(uptime: Int) {
        self.storageFailures.add()
        self.storageFailedAt.set(uptime)
    }

    func countCommit(of events: [Event], _ outcomes: [SaveOutcome]) {
        self.commits.add()
        for (event, outcome) in zip(events, outcomes) {
            if case .stored = outcome { self.stored.add(event.kind) }
        }
    }
}
