public import Backends
public import Logging
public import NIOCore
public import Nostr
import Synchronization

/// Writes events on its own thread. Whatever arrives while one transaction is being made durable becomes the next one;
/// a small one waits a few milliseconds for the events whose signatures are being checked.
public actor StorageWriter {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private nonisolated let thread: any EventLoop
    private let session: any StoreWriter
    private let broadcast: Broadcast
    private let metrics: Metrics
    private let clock: Clock
    private let logger: Logger
    private var outage = Outage()
    private var waiting: [Waiter] = []
    private var waitingEvents = 0
    /// Whether a commit is on its way.
    private var isCommitting = false
    /// Counts the commits, so that a timer knows whether the one that it was set for has been made.
    private var commits = 0
    /// Events that are being verified and will come.
    private nonisolated let expected = Atomic<Int>(0)
    private var isClosed = false
    /// Whether events that have vanished may be left to be removed: after a start it is not known.
    public private(set) var mayHaveVanished = true

    /// Events of one transaction, and their bytes; more wait for the next.
    private static let maximumBatch = (events: 2_000, bytes: 4 << 20)
    /// Events of other processes handed on in one go.
    private static let maximumForeignEvents = 500

    /// Events that are worth a transaction of their own while more are expected, and how long fewer wait for them.
    private static let worthwhileEvents = 256
    private static let patience = TimeAmount.milliseconds(5)

    private struct Waiter {
        let events: [Event]
        /// The uptime in nanoseconds at which they began to be worked on.
        let since: Int
        let continuation: CheckedContinuation<Result<[SaveOutcome], StorageError>, Never>
    }

    /// - Parameter session: opened on any thread, used only here from now on.
    public init(
        on thread: any EventLoop,
        session: sending any StoreWriter,
        broadcast: Broadcast,
        metrics: Metrics,
        clock: Clock,
        logger: Logger
    ) {
        self.thread = thread
        self.unownedExecutor = thread.executor.asUnownedSerialExecutor()
        self.session = session
        self.broadcast = broadcast
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
    }

    /// Says that so many events are being verified and are about to be saved; a negative count says that they are here,
    /// or will not come.
    nonisolated func expect(_ count: Int) { self.expected.wrappingAdd(count, ordering: .relaxed) }

    /// Saves events; when it returns, what is `stored` is durable and on its way to the subscribers.
    ///
    /// - Parameter since: the uptime in nanoseconds at which they began to be worked on; nil for now.
    public func save(_ events: [Event], since: Int? = nil) async throws(StorageError) -> [SaveOutcome] {
        guard !self.isClosed else { throw .failed("the relay is shutting down") }
        let result = await withCheckedContinuation { continuation in
            self.waiting.append(Waiter(events: events, since: since ?? self.clock.uptime(), continuation: continuation))
            self.waitingEvents += events.count
            self.considerCommit()
        }
        return try result.get()
    }

    /// Removes what has expired, in one slice; returns whether there may be more.
    public func removeExpired(now: Int64, atMost count: Int = 500) throws(StorageError) -> Bool {
        let removed = try self.session.removeExpired(at: now, atMost: count)
        if !removed.isEmpty { self.broadcast.send(Publication(events: [], removed: Set(removed.map(\.row)))) }
        return removed.count == count
    }

    /// Changes records, all of them or none; when it returns they are durable.
    public func apply(_ changes: [RecordChange]) throws(StorageError) -> RecordOutcome {
        guard !self.isClosed else { throw .failed("the relay is shutting down") }
        return try self.session.apply(changes)
    }

    /// Commits what waits.
    public func settle() {
        while !self.waiting.isEmpty, self.commit() {}
    }

    /// Removes stored events by their rows.
    public func remove(rows: [Int64]) throws(StorageError) {
        guard !rows.isEmpty else { return }
        guard !self.isClosed else { throw .failed("the relay is shutting down") }
        _ = try self.session.remove(positions: rows)
        self.broadcast.send(Publication(events: [], removed: Set(rows)))
    }

    /// Removes events that have vanished, in one slice; returns whether there may be more.
    public func purgeVanished(atMost count: Int = 200) throws(StorageError) -> Bool {
        let purged = try self.session.purgeVanished(atMost: count)
        if !purged.removed.isEmpty {
            self.broadcast.send(Publication(events: [], removed: Set(purged.removed.map(\.row))))
        }
        self.mayHaveVanished = !purged.isComplete
        return !purged.isComplete
    }

    /// Hands what other processes saved to the subscribers, in one slice; returns whether there may be more.
    ///
    /// The next slice waits until the loops have dealt with this one, so that a large import does not pile up there.
    public func relayForeignEvents() async throws(StorageError) -> Bool {
        if try self.session.hasForeignChanges() { self.broadcast.send(.foreignChange) }
        let events = try self.session.takeForeignEvents(atMost: Self.maximumForeignEvents)
        guard !events.isEmpty else { return false }
        self.broadcast.send(Publication(stored: events))
        await self.broadcast.settle()
        return true
    }

    /// Ends the session after what waits is saved.
    public func close() {
        while !self.waiting.isEmpty {
            guard !self.commit() else { continue }
            // A database that does not answer is not waited for once for each batch.
            for waiter in self.waiting { waiter.continuation.resume(returning: .failure(.failed("shutting down"))) }
            self.waiting.removeAll()
        }
        self.isClosed = true
        self.session.close()
    }

    /// Commits what waits, unless more is expected at once that is worth waiting for: a transaction writes each page of
    /// an index that it touches, be it for one event or for many.
    private func considerCommit() {
        guard !self.isCommitting, !self.waiting.isEmpty else { return }
        guard self.waitingEvents < Self.worthwhileEvents, self.expected.load(ordering: .relaxed) > 0 else {
            return self.scheduleCommit()
        }
        // They may turn out not to come, or late.
        let commits = self.commits
        self.thread.scheduleTask(in: Self.patience) {
            self.assumeIsolated { writer in
                guard writer.commits == commits, !writer.isCommitting else { return }
                writer.scheduleCommit()
            }
        }
    }

    /// Puts the commit behind all saves that are queued for this thread already, so that they join it.
    private func scheduleCommit() {
        self.isCommitting = true
        self.thread.execute { self.assumeIsolated { _ = $0.commit() } }
    }

    /// - Returns: whether the database did what it was asked.
    @discardableResult
    private func commit() -> Bool {
        self.isCommitting = false
        self.commits += 1
        var batch: [Waiter] = []
        var events: [Event] = []
        var bytes = 0
        while let waiter = self.waiting.first, events.count < Self.maximumBatch.events, bytes < Self.maximumBatch.bytes
        {
            batch.append(waiter)
            events += waiter.events
            bytes += waiter.events.reduce(0) { $0 + $1.json.count }
            self.waiting.removeFirst()
        }
        self.waitingEvents -= events.count
        guard !batch.isEmpty else { return true }
        if !self.waiting.isEmpty { self.scheduleCommit() }
        let result: SaveResult
        do {
            result = try self.session.save(events)
        } catch {
            self.metrics.countStorageFailure(uptime: self.clock.uptime())
            if self.outage.note("\(error)", at: self.clock.seconds) {
                let failures = "\(self.outage.failures)"
                self.logger.error(
                    "events cannot be saved",
                    metadata: ["reason": "\(error)", "failures": "\(failures)"]
                )
            }
            for waiter in batch { waiter.continuation.resume(returning: .failure(error)) }
            return false
        }
        if let failures = self.outage.end(at: self.clock.seconds) {
            self.logger.notice("events are saved again", metadata: ["failures": "\(failures)"])
        }
        if !result.vanished.isEmpty { self.mayHaveVanished = true }
        let age = self.clock.uptime() - batch[batch.count / 2].since
        self.broadcast.send(Publication(events, result, age: age))
        self.metrics.countCommit(of: events, result.outcomes)
        var start = 0
        for waiter in batch {
            let end = start + waiter.events.count
            waiter.continuation.resume(returning: .success(Array(result.outcomes[start..<end])))
            start = end
        }
        return true
    }
}
