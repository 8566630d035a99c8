public import Backends
public import Logging
import NIOConcurrencyHelpers
public import NIOCore
import Nostr

/// Hands ephemeral events to the other nodes, from a thread of its own: nobody waits for it. What comes while a batch
/// is on its way becomes the next one.
public actor Announcer {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private nonisolated let thread: any EventLoop
    private nonisolated let queue = NIOLockedValueBox(Announcements())
    private let session: any StoreAnnouncer
    private nonisolated let metrics: Metrics
    private let clock: Clock
    private let logger: Logger
    private var outage = Outage()
    private var isClosed = false

    /// The pause after a failure.
    private static let pause = TimeAmount.milliseconds(500)

    /// - Parameter session: opened on any thread, used only here from now on.
    public init(
        on thread: any EventLoop,
        session: sending any StoreAnnouncer,
        metrics: Metrics,
        clock: Clock,
        logger: Logger
    ) {
        self.thread = thread
        self.unownedExecutor = thread.executor.asUnownedSerialExecutor()
        self.session = session
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
    }

    /// Has ephemeral events handed over, soon; of more than there is room for the oldest are left out.
    nonisolated func announce(_ events: [Event]) {
        let (dropped, isFirst) = self.queue.withLockedValue { queue in
            let dropped = queue.append(events)
            defer { queue.isBeingSent = true }
            return (dropped, !queue.isBeingSent)
        }
        self.metrics.announcementsDropped.add(dropped)
        if isFirst { self.thread.execute { self.assumeIsolated { $0.send() } } }
    }

    private func send() {
        while !self.isClosed {
            let batch = self.queue.withLockedValue { $0.takeBatch() }
            guard !batch.isEmpty else { return }
            do {
                try self.session.announce(batch)
                _ = self.outage.end(at: self.clock.seconds)
            } catch {
                self.metrics.announcementsDropped.add(self.queue.withLockedValue { $0.putBack(batch) })
                if self.outage.note("\(error)", at: self.clock.seconds) {
                    self.logger.error("other nodes are not told", metadata: ["reason": "\(error)"])
                }
                self.thread.scheduleTask(in: Self.pause) { self.assumeIsolated { $0.send() } }
                return
            }
        }
    }

    /// Ends the session.
    public func close() {
        self.isClosed = true
        self.session.close()
    }
}
