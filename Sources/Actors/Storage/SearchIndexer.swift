public import Backends
public import Logging
public import NIOCore

/// Keeps the index of words (NIP-50) up with what is stored, on a thread of its own, a slice at a time. Nobody waits
/// for it, and while events are being saved it leaves the database to them most of the time.
public actor SearchIndexer {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    /// Opened when it is first needed: the database may be out of reach at the start.
    private var session: (any StoreIndexer)?
    private let open: @Sendable () throws(StorageError) -> any StoreIndexer
    private let metrics: Metrics
    private let clock: Clock
    private let logger: Logger
    private var outage = Outage()
    private var commits = 0

    /// The pauses when there is nothing to do, between slices while events are being saved, and after a failure.
    private static let idlePause = Duration.milliseconds(200)
    private static let busyPause = Duration.milliseconds(100)
    private static let failurePause = Duration.milliseconds(500)

    public init(
        on thread: any EventLoop,
        open: @escaping @Sendable () throws(StorageError) -> any StoreIndexer,
        metrics: Metrics,
        clock: Clock,
        logger: Logger
    ) {
        self.unownedExecutor = thread.executor.asUnownedSerialExecutor()
        self.open = open
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
    }

    /// Indexes until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            let pause = self.indexNext()
            if let pause { try? await Task.sleep(for: pause) } else { await Task.yield() }
        }
        self.session?.close()
        self.session = nil
    }

    /// Indexes a slice; returns how long to wait before the next one, nil for not at all.
    private func indexNext() -> Duration? {
        do {
            let session = try self.session ?? self.open()
            self.session = session
            let progress = try session.indexNext()
            if let failures = self.outage.end(at: self.clock.seconds) {
                self.logger.notice("words are indexed again", metadata: ["failures": "\(failures)"])
            }
            self.metrics.searchIndexed.add(progress.events)
            self.metrics.searchLag.set(progress.waiting)
            self.report(progress)
            guard progress.hasMore else { return Self.idlePause }
            let commits = self.metrics.commits.value
            defer { self.commits = commits }
            return commits == self.commits ? nil : Self.busyPause
        } catch {
            if self.outage.note("\(error)", at: self.clock.seconds) {
                let failures = self.outage.failures
                self.logger.error("words are not indexed", metadata: ["reason": "\(error)", "failures": "\(failures)"])
            }
            return Self.failurePause
        }
    }

    /// Tells the operator when older events begin to be indexed, and when all are.
    private func report(_ progress: IndexProgress) {
        let wasRebuilding = self.metrics.searchRebuilds.value > 0
        guard progress.isRebuilding != wasRebuilding else { return }
        self.metrics.searchRebuilds.set(progress.isRebuilding ? 1 : 0)
        let text =
            progress.isRebuilding ? "stored events are being indexed for search" : "all events are indexed for search"
        self.logger.info("\(text)")
    }
}
