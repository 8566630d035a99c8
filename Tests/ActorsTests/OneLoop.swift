import Logging
import NIOCore
import NIOEmbedded
import Nostr
import Synchronization

@testable import Actors
@testable import Backends

/// One event loop with all that connections to it need; what readers say of the database is what a test says.
struct OneLoop {
    let loop = NIOAsyncTestingEventLoop()
    let metrics = Metrics()
    let log = FakeSession.Log()
    let standings = StandingSession.Script()
    let registry: SubscriptionRegistry
    let verified = VerifiedEvents()
    private let context: RelayContext

    init() {
        let logger = Logger(label: "test")
        self.registry = SubscriptionRegistry(on: self.loop, metrics: self.metrics)
        let broadcast = Broadcast([self.registry])
        self.context = RelayContext(
            registry: self.registry,
            directory: ConnectionDirectory(on: self.loop, policy: Policy()),
            verifier: Verifier(on: self.loop, remembering: self.verified),
            writer: StorageWriter(
                on: self.loop,
                session: FakeSession(self.log),
                broadcast: broadcast,
                metrics: self.metrics,
                clock: .system,
                logger: logger
            ),
            readers: ReaderPool([
                StorageReader(
                    on: self.loop,
                    session: StandingSession(self.standings),
                    clock: .system,
                    logger: logger
                )
            ]),
            quickReader: QuickReader(
                on: self.loop,
                session: StandingSession(self.standings),
                cacheBytes: nil,
                metrics: self.metrics,
                clock: .system
            ),
            broadcast: broadcast,
            metrics: self.metrics,
            clock: .system,
            logger: logger,
            compression: LoopCompression(on: self.loop),
            buffers: OutboundBuffers(on: self.loop)
        )
    }

    func connect() -> (channel: NIOAsyncTestingChannel, connection: Connection) {
        let channel = NIOAsyncTestingChannel(loop: self.loop)
        return (channel, Connection(channel, context: self.context, policy: Policy(), compression: nil))
    }
}

/// A session that knows nothing but how events stand; a query that asks for no events has its answer.
final class StandingSession: StoreReader {
    final class Script: Sendable {
        let standings = Mutex<[EventID: Standing]>([:])
    }

    private let script: Script

    init(_ script: Script) { self.script = script }

    func nextPage(
        of query: consuming StoredQuery,
        bounds: PageBounds
    ) throws(StorageError) -> (EventPage, StoredQuery) {
        guard query.isEmpty else { throw .failed("nothing is asked for") }
        var page = EventPage()
        page.isLast = true
        query.snapshot = Snapshot(through: 0)
        return (page, query)
    }
    func advance(_ count: consuming StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount {
        throw .failed("nothing is asked for")
    }
    func version() throws(StorageError) -> Int64? { nil }
    func standings(of events: [Event]) throws(StorageError) -> [Standing?] {
        self.script.standings.withLock { standings in events.map { standings[$0.id] } }
    }
    func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents {
        throw .failed("nothing is asked for")
    }
    func snapshot() throws(StorageError) -> Snapshot { Snapshot(through: 0) }
    func statistics() throws(StorageError) -> StoreStatistics { StoreStatistics(events: 0, bytes: 0) }
    func close() {}
}
