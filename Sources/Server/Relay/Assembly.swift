import Actors
import Backends
import Logging
import NIOCore
import NIOPosix

/// The relay's parts, made for a configuration and connected.
struct Assembly: Sendable {
    let configuration: Configuration
    let executors: Executors
    let clock = Clock.system
    let settings: LiveSettings
    let writer: StorageWriter
    /// Nil where no other node shares the database.
    let follower: NodeFollower?
    let announcer: Announcer?
    let negentropy: NegentropyIndex
    let indexer: SearchIndexer
    let limiter: RateLimiter
    let directories: [ConnectionDirectory]
    let enforcement: Enforcement
    let management: Management
    /// Nil where the relay keeps to itself who its members are.
    let membership: Membership?
    let doors: Doors

    init(_ configuration: Configuration, executors: Executors, logger: Logger) throws(StorageError) {
        self.configuration = configuration
        self.executors = executors
        let settings = LiveSettings(configuration)
        let metrics = Metrics()
        let loops = Array(executors.loops.makeIterator())
        let store = try StoreURL.store(
            configuration.database.description,
            pageCacheBytes: configuration.storage.pageCache,
            memoryMapBytes: configuration.storage.memoryMap ?? 0,
            readers: configuration.storage.readers + loops.count,
            isPatient: true
        )
        let registries = loops.map { SubscriptionRegistry(on: $0, metrics: metrics) }
        let directories = loops.map { ConnectionDirectory(on: $0, policy: settings.current.policy) }
        let isAlone = if case .sqlite = configuration.database { true } else { false }
        // Where others write too, it is good for as long as they are heard.
        let negentropy = NegentropyIndex(isInformed: { isAlone || store.version != nil })
        let broadcast = Broadcast(registries, negentropy: negentropy)
        let writer = StorageWriter(
            on: executors.writer.next(),
            session: try store.openWriter(),
            broadcast: broadcast,
            metrics: metrics,
            clock: self.clock,
            logger: logger
        )
        // Before anything is read: what is stored from then on is told live.
        var follower: NodeFollower?
        if let session = try store.openFollower() {
            follower = NodeFollower(
                on: executors.nodes.next(),
                session: session,
                broadcast: broadcast,
                metrics: metrics,
                clock: self.clock,
                logger: logger
            )
        }
        var announcer: Announcer?
        if let session = try store.openAnnouncer() {
            announcer = Announcer(
                on: executors.nodes.next(),
                session: session,
                metrics: metrics,
                clock: self.clock,
                logger: logger
            )
        }
        let kinds = configuration.searchedKinds
        let indexer = SearchIndexer(
            on: executors.search.next(),
            open: { () throws(StorageError) in try store.openIndexer(kinds: kinds) },
            metrics: metrics,
            clock: self.clock,
            logger: logger
        )
        var readers: [StorageReader] = []
        for thread in executors.readers.makeIterator() {
            let session = try store.openReader()
            readers.append(StorageReader(on: thread, session: session, clock: self.clock, logger: logger))
        }
        let pool = ReaderPool(readers)
        let reports = ReportInbox()
        let limiter = RateLimiter(rates: settings.current.policy.rates)
        let enforcement = Enforcement(settings: settings, limiter: limiter, directories: directories)
        let management = Management(
            readers: pool,
            writer: writer,
            enforcement: enforcement,
            reports: reports,
            clock: self.clock,
            logger: logger
        )
        var membership: Membership?
        if configuration.access.publishesMembers {
            membership = Membership(
                readers: pool,
                writer: writer,
                enforcement: enforcement,
                clock: self.clock,
                logger: logger,
                refresh: { try await management.refresh() }
            )
        }
        let verified = VerifiedEvents()
        let verifiers = executors.verifiers.makeIterator().map { Verifier(on: $0, remembering: verified) }
        var contexts: [ObjectIdentifier: RelayContext] = [:]
        for (index, loop) in loops.enumerated() {
            let quickReader = QuickReader(
                on: loop,
                session: try store.openQuickReader(),
                sharedVersion: { store.version },
                cacheBytes: configuration.storage.resultCache.map { $0 / loops.count },
                metrics: metrics,
                clock: self.clock
            )
            contexts[ObjectIdentifier(loop)] = RelayContext(
                registry: registries[index],
                directory: directories[index],
                verifier: verifiers[index % verifiers.count],
                writer: writer,
                announcer: announcer,
                readers: pool,
                quickReader: quickReader,
                broadcast: broadcast,
                negentropy: negentropy,
                metrics: metrics,
                clock: self.clock,
                logger: logger,
                compression: LoopCompression(on: loop),
                buffers: OutboundBuffers(on: loop),
                reports: reports,
                membership: membership
            )
        }
        self.settings = settings
        self.writer = writer
        self.follower = follower
        self.announcer = announcer
        self.negentropy = negentropy
        self.indexer = indexer
        self.limiter = limiter
        self.directories = directories
        self.enforcement = enforcement
        self.management = management
        self.membership = membership
        self.doors = Doors(
            settings: settings,
            limiter: limiter,
            clock: self.clock,
            monitor: Monitor(metrics: metrics, readers: pool, clock: self.clock, node: configuration.nodeName),
            management: ManagementDoor(settings: settings, management: self.management, clock: self.clock),
            contexts: contexts
        )
    }

    /// Puts what a reload can change in force, for what runs and for what comes.
    func apply(_ configuration: Configuration) async { await self.enforcement.apply(configuration) }
}
