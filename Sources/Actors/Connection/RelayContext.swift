public import Logging

/// What the connections of one event loop share.
public final class RelayContext: Sendable {
    let registry: SubscriptionRegistry
    let directory: ConnectionDirectory
    let verifier: Verifier
    let writer: StorageWriter
    /// Nil where there are no other nodes.
    let announcer: Announcer?
    let readers: ReaderPool
    /// Nil where nothing is read on the loop itself.
    let quickReader: QuickReader?
    let broadcast: Broadcast
    let negentropy: NegentropyIndex
    let metrics: Metrics
    let clock: Clock
    let logger: Logger
    let compression: LoopCompression
    let buffers: OutboundBuffers
    /// Nil where nobody looks at reports.
    let reports: ReportInbox?
    /// Nil where nobody can ask to be let in.
    let membership: (any MembershipDesk)?

    public init(
        registry: SubscriptionRegistry,
        directory: ConnectionDirectory,
        verifier: Verifier,
        writer: StorageWriter,
        announcer: Announcer? = nil,
        readers: ReaderPool,
        quickReader: QuickReader?,
        broadcast: Broadcast,
        negentropy: NegentropyIndex = NegentropyIndex(),
        metrics: Metrics,
        clock: Clock,
        logger: Logger,
        compression: LoopCompression,
        buffers: OutboundBuffers,
        reports: ReportInbox? = nil,
        membership: (any MembershipDesk)? = nil
    ) {
        self.registry = registry
        self.directory = directory
        self.verifier = verifier
        self.writer = writer
        self.announcer = announcer
        self.readers = readers
        self.quickReader = quickReader
        self.broadcast = broadcast
        self.negentropy = negentropy
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
        self.compression = compression
        self.buffers = buffers
        self.reports = reports
        self.membership = membership
    }
}
