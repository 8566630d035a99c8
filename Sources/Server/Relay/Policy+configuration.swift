public import Actors
import Nostr

extension Policy {
    /// The policy that a configuration asks for.
    public convenience init(_ configuration: Configuration) { self.init(configuration, ManagementState()) }

    /// The policy that a configuration and the relay's admins ask for.
    convenience init(_ configuration: Configuration, _ state: ManagementState, relayKey: PublicKey? = nil) {
        var limits = Limits(configuration)
        let events = configuration.events
        let kinds = state.applied(to: events.allowedKinds, events.deniedKinds)
        // Requests to join and to leave are taken by the relay itself (NIP-43).
        let requests = configuration.access.publishesMembers ? [Kind.joinRequest, .leaveRequest].map(\.rawValue) : []
        limits.events.allowedKinds = KindSet(kinds.allowed.ranges + requests.map { $0...$0 }).ranges
        limits.events.deniedKinds = kinds.denied.ranges
        var access = AccessRules(configuration)
        access.relayKey = relayKey
        self.init(
            limits: limits,
            privateKinds: Set(configuration.access.privateKinds.ranges.flatMap { $0.map { Kind($0) } }),
            rates: Rates(configuration.rateLimits, openConnections: configuration.connections.max),
            access: access,
            members: Members(configuration, state.memberships),
            moderation: state.moderation
        )
    }
}

extension AccessRules {
    init(_ configuration: Configuration) {
        self.init()
        let access = configuration.access
        self.read = access.read
        self.write = access.write
        self.requiresAuthentication = access.requiresAuthentication
        self.openKinds = access.openKinds.ranges
        self.hasMembershipDesk = access.publishesMembers
        self.relay = configuration.relayURL
    }
}

extension Members {
    /// Those whom the configuration names, and those of the database, where nothing else is said of them.
    init(_ configuration: Configuration, _ memberships: [PublicKey: Membership]) {
        self.init(memberships)
        for key in configuration.access.members { self.set(Membership(account: key), of: key) }
    }
}

extension Limits {
    init(_ configuration: Configuration) {
        self.init()
        let connections = configuration.connections
        self.connections.messageBytes = connections.maxMessage
        self.connections.unsentBytes = connections.maxUnsent
        self.connections.pingSeconds = max(1, connections.pingInterval.components.seconds)
        self.connections.idleSeconds = connections.idleTimeout?.components.seconds
        let events = configuration.events
        self.events.bytes = events.maxSize
        self.events.tags = events.maxTags
        self.events.tagElementBytes = events.maxTagLength
        self.events.contentCharacters = events.maxContent
        self.events.ageSeconds = events.maxAge?.components.seconds
        self.events.futureSeconds = events.maxFuture.components.seconds
        self.events.allowedKinds = events.allowedKinds.ranges
        self.events.deniedKinds = events.deniedKinds.ranges
        self.events.proofOfWorkBits = events.minPow
        let subscriptions = configuration.subscriptions
        self.subscriptions.open = subscriptions.max
        self.subscriptions.filters = subscriptions.maxFilters
        self.subscriptions.limit = subscriptions.maxLimit
        self.subscriptions.defaultLimit = subscriptions.defaultLimit
        self.subscriptions.idCharacters = subscriptions.maxIDLength
        self.subscriptions.values = subscriptions.maxValues
        self.subscriptions.queryNanoseconds = Int(subscriptions.queryTime / .nanoseconds(1))
        if configuration.search.isEnabled { self.search = SearchBounds(kinds: configuration.searchedKinds) }
        self.subscriptions.openCounts = subscriptions.max
        self.subscriptions.countNanoseconds = Int(subscriptions.countTime / .nanoseconds(1))
        self.subscriptions.slowQueryNanoseconds = Int(configuration.log.slowQuery / .nanoseconds(1))
        self.negentropy.isEnabled = configuration.negentropy.isEnabled
        self.negentropy.records = configuration.negentropy.maxRecords
        self.negentropy.openSessions = configuration.negentropy.maxSessions
        self.negentropy.idleNanoseconds = Int(configuration.negentropy.idleTimeout / .nanoseconds(1))
    }
}

extension Configuration {
    /// The kinds whose words are indexed: never private ones.
    var searchedKinds: KindRanges {
        guard self.search.isEnabled else { return KindRanges([]) }
        let hidden = self.access.privateKinds.ranges.flatMap { $0.map { Kind($0) } }
        return KindRanges(self.search.kinds.ranges).subtracting(hidden)
    }
}

extension Rates {
    init(_ limits: Configuration.RateLimits, openConnections: Int) {
        guard limits.isEnabled else {
            self.init(openConnections: openConnections)
            return
        }
        self.init(
            connectionMessages: limits.connectionMessages.map(Self.rate),
            connectionEvents: limits.connectionEvents.map(Self.rate),
            addressConnections: limits.addressConnections.map(Self.rate),
            addressOpenConnections: limits.addressOpenConnections,
            openConnections: openConnections
        )
    }

    private static func rate(_ rate: Server.Rate) -> Rate {
        Rate(perSecond: Double(rate.count) / Double(rate.interval.components.seconds), burst: Double(rate.burst))
    }
}
