public import Backends
public import NIOCore
import Nostr

/// Answers on the event loop itself what is sooner answered than handed to another thread and back: what is known from
/// the last time, and, where the database is in this process, a first page, as far as a millisecond goes.
///
/// What it cannot answer at once, because the database is busy, or slow, or there is too much of it, is left to the
/// `StorageReader`s, which may block.
public actor QuickReader {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    /// Nil where the database is at the end of a wire.
    private let session: (any StoreReader)?
    /// A number that changes with the database, where there is no session to tell it.
    private let sharedVersion: @Sendable () -> Int64?
    private var cache: ResultCache?
    private let metrics: Metrics
    private let clock: Clock
    /// The uptime in nanoseconds before which nothing is tried: the disk was slow.
    private var restsUntil = 0

    /// Nanoseconds that a page may take, and those after which the disk is found slow.
    private static let pageNanoseconds = 1_000_000
    private static let slowNanoseconds = 20_000_000
    /// Nanoseconds for which a slow disk is left to the readers.
    private static let restNanoseconds = 1_000_000_000

    /// - Parameters:
    ///   - session: opened on any thread, used only here from now on.
    ///   - sharedVersion: a number that changes whenever the database does, for where there is no session; nil while it
    ///     cannot be told.
    ///   - cacheBytes: memory for whole answers; nil for none.
    public init(
        on loop: any EventLoop,
        session: sending (any StoreReader)?,
        sharedVersion: @escaping @Sendable () -> Int64? = { nil },
        cacheBytes: Int?,
        metrics: Metrics,
        clock: Clock
    ) {
        self.unownedExecutor = loop.executor.asUnownedSerialExecutor()
        self.session = session
        self.sharedVersion = sharedVersion
        self.cache = ResultCache(maximumBytes: cacheBytes)
        self.metrics = metrics
        self.clock = clock
    }

    /// The first page of a query's answer, and the query as it stands after it; nil where a reader has to be asked.
    func firstPage(of query: StoredQuery, bytes: Int) -> (EventPage, StoredQuery)? {
        // Words are looked up on another thread, and what is found depends on more than the version.
        guard !query.isSearch else { return nil }
        guard self.cache != nil else { return self.readFirstPage(of: query, bytes: bytes) }
        guard let version = self.version else { return nil }
        let key = query.key
        if let answer = self.cache?.answer(to: key, at: version, now: query.now) {
            self.metrics.resultCacheHits.add()
            return answer
        }
        guard let (page, rest) = self.readFirstPage(of: query, bytes: bytes) else { return nil }
        self.cache?.keep(page, rest, for: key, at: version)
        return (page, rest)
    }

    /// A number that changes whenever the database does; nil where it cannot be told.
    private var version: Int64? {
        guard let session else { return self.sharedVersion() }
        return self.timed { try session.version() } ?? nil
    }

    /// What a whole answer that a reader gives may be kept for; nil where the loop reads itself, or nothing is kept.
    func ticket(for query: StoredQuery) -> Ticket? {
        guard self.session == nil, self.cache != nil, !query.isSearch, query.snapshot == nil, let version = self.version
        else {
            return nil
        }
        return Ticket(key: query.key, version: version)
    }

    /// A query before its first page, and the state of the database at that moment.
    struct Ticket: Sendable {
        let key: StoredQuery.Key
        let version: Int64
    }

    /// Keeps a whole answer.
    func keep(_ page: EventPage, _ query: StoredQuery, for ticket: Ticket) {
        self.cache?.keep(page, query, for: ticket.key, at: ticket.version)
    }

    private func readFirstPage(of query: StoredQuery, bytes: Int) -> (EventPage, StoredQuery)? {
        guard let session else { return nil }
        let before = self.spentNanoseconds
        let answer = self.timed {
            let deadline = ContinuousClock.now + .nanoseconds(Self.pageNanoseconds)
            let bounds = PageBounds(bytes: bytes, rows: 2_000, deadline: deadline)
            return try session.nextPage(of: query, bounds: bounds)
        }
        guard let (page, rest) = answer else { return nil }
        var query = rest
        query.spentNanoseconds += self.spentNanoseconds - before
        return (page, query)
    }

    /// A count as it stands after a millisecond; nil where a reader has to be asked.
    func advance(_ count: StoredCount, bytes: Int) -> StoredCount? {
        guard let session else { return nil }
        let before = self.spentNanoseconds
        let advanced = self.timed {
            let deadline = ContinuousClock.now + .nanoseconds(Self.pageNanoseconds)
            return try session.advance(count, bounds: PageBounds(bytes: bytes, rows: 20_000, deadline: deadline))
        }
        guard var count = advanced else { return nil }
        count.spentNanoseconds += self.spentNanoseconds - before
        return count
    }

    /// Why each of these events would not be stored now; nil where a reader has to be asked.
    func standings(of events: [Event]) -> [Standing?]? {
        guard let session else { return nil }
        return self.timed { try session.standings(of: events) }
    }

    /// Nanoseconds of work done here; only grows.
    private(set) var spentNanoseconds = 0

    private func timed<Answer>(_ read: () throws -> Answer) -> Answer? {
        let started = self.clock.uptime()
        guard started >= self.restsUntil else { return nil }
        // A failure is met again, and told, by the reader that is asked next.
        let answer = try? read()
        let ended = self.clock.uptime()
        self.spentNanoseconds += ended - started
        if ended - started > Self.slowNanoseconds { self.restsUntil = ended + Self.restNanoseconds }
        return answer
    }
}
