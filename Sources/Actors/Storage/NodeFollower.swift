public import Backends
public import Logging
public import NIOCore

/// Hands what other nodes do to the subscribers of this one. It waits for them on a thread of its own.
public actor NodeFollower {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private let session: any StoreFollower
    private nonisolated let interruption: StoreInterruption
    private let broadcast: Broadcast
    private let metrics: Metrics
    private let clock: Clock
    private let logger: Logger
    private var outage = Outage()

    /// How long one wait takes, and the pause after a failure.
    private static let wait = Duration.milliseconds(500)
    private static let pause = Duration.milliseconds(100)

    /// - Parameter session: opened on any thread, used only here from now on.
    public init(
        on thread: any EventLoop,
        session: sending any StoreFollower,
        broadcast: Broadcast,
        metrics: Metrics,
        clock: Clock,
        logger: Logger
    ) {
        self.unownedExecutor = thread.executor.asUnownedSerialExecutor()
        self.interruption = session.interruption
        self.session = session
        self.broadcast = broadcast
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
    }

    /// Ends the wait that is going on, and lets none last from now on.
    public nonisolated func interrupt() { self.interruption() }

    /// Follows the other nodes until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            do {
                let changes = try self.session.nextChanges(waiting: Self.wait)
                if let failures = self.outage.end(at: self.clock.seconds) {
                    self.logger.notice("other nodes are heard again", metadata: ["failures": "\(failures)"])
                }
                self.metrics.eventsOfOtherNodes.add(changes.events.count + changes.ephemeral.count)
                self.broadcast.send(Publication(changes))
                // Much at once does not pile up on the loops.
                if changes.hasMore { await self.broadcast.settle() }
            } catch {
                if self.outage.note("\(error)", at: self.clock.seconds) {
                    let failures = "\(self.outage.failures)"
                    self.logger.error(
                        "other nodes are not heard",
                        metadata: ["reason": "\(error)", "failures": "\(failures)"]
                    )
                }
                try? await Task.sleep(for: Self.pause)
            }
            await Task.yield()
        }
        self.session.close()
    }
}
