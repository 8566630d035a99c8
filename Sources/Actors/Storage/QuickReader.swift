public import Backends
public import NIOCore
import Nostr

/// Reads on the event loop itself what is sooner read than handed to another thread and back: a first page, as far as a
/// millisecond goes.
///
/// What it cannot answer at once, because the database is busy, or slow, or there is too much of it, is left to the
/// `StorageReader`s, which may block.
public actor QuickReader {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private let session: any StoreReader
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
    ///   - cacheBytes: memory for whole answers; nil for none.
    public init(
        on loop: any EventLoop,
        session: sending any StoreReader,
        cacheBytes: Int?,
        metrics: Metrics,
        clock: Clock
    ) {
        self.unownedExecutor = loop.executor.asUnownedSerialExecutor()
        self.session = session
        self.cache = ResultCache(maximumBytes: cacheBytes)
        self.metrics = metrics
        self.clock = clock
    }

    /// The first page of a query's answer, and the query as it stands after it; nil where a reader has to be asked.
    func firstPage(of query: StoredQuery, bytes: Int) -> (EventPage, StoredQuery)? {
        guard self.cache != nil else { return self.readFirstPage(of: query, bytes: bytes) }
        guard let version = self.timed({ try self.session.version() }) ?? nil else { return nil }
        let key = query.key
        if let answer = self.cache?.answer(to: key, at: version, now: query.now) {
            self.metrics.resultCacheHits.add()
            return answer
        }
        guard let (page, rest) = self.readFirstPage(of: query, bytes: bytes) else { return nil }
        self.cache?.keep(page, rest, for: key, at: version)
        return (page, rest)
    }

    private func readFirstPage(of query: StoredQuery, bytes: Int) -> (EventPage, StoredQuery)? {
        let before = self.spentNanoseconds
        let answer = self.timed {
            let deadline = ContinuousClock.now + .nanoseconds(Self.pageNanoseconds)
            let bounds = PageBounds(bytes: bytes, rows: 2_000, deadline: deadline)
            return try self.session.nextPage(of: query, bounds: bounds)
        }
        guard let (page, rest) = answer else { return nil }
        var query = rest
        query.spentNanoseconds += self.spentNanoseconds - before
        return (page, query)
    }

    /// Why each of these events would not be stored now; nil where a reader has to be asked.
    func standings(of events: [Event]) -> [Standing?]? {
        self.timed { try self.session.standings(of: events) }
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
