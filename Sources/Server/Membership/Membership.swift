import Actors
import Backends
import Logging
import Nostr
import ServiceLifecycle

/// Membership as the relay tells it and clients ask for it (NIP-43): the list that it signs, joining and leaving.
actor Membership: MembershipDesk, Service {
    let readers: ReaderPool
    let writer: StorageWriter
    let enforcement: Enforcement
    let clock: Clock
    let logger: Logger
    /// Puts what was changed in force.
    let refresh: @Sendable () async throws -> Void
    /// Nil as long as it could not be had.
    private var key: KeyPair?
    /// The members that stood when the list was found to be right.
    private var told: Set<PublicKey>?
    /// What was in force at the last look.
    private var policy: Policy?
    private var nextLook = 0.0
    private var nextSweep = 0.0
    private var isLooking = false
    private var isCut = false
    private var outage = Outage()
    /// The request that is judged last.
    var lastRequest: Task<Void, Never>?

    private static let interval = Duration.milliseconds(200)
    /// Memberships end without a change of any record.
    private static let lookSeconds = 5.0
    private static let sweepSeconds = 3_600.0
    /// Seconds that another node's clock may be ahead.
    private static let mostAhead: Int64 = 10

    init(
        readers: ReaderPool,
        writer: StorageWriter,
        enforcement: Enforcement,
        clock: Clock,
        logger: Logger,
        refresh: @escaping @Sendable () async throws -> Void
    ) {
        self.readers = readers
        self.writer = writer
        self.enforcement = enforcement
        self.clock = clock
        self.logger = logger
        self.refresh = refresh
    }

    var settings: LiveSettings { self.enforcement.settings }

    /// Gets the key ready; fails where it is not as it should be, but not because the database does not answer.
    func open() async throws(RelayKeyError) {
        do { _ = try await self.relayKey() } catch let error as RelayKeyError { throw error } catch {
            self.nextLook = 0
        }
    }

    /// The relay's key, made where there is none yet.
    func relayKey() async throws -> KeyPair {
        if let key { return key }
        let key = try await RelayKey.load(self.settings.configuration, self.readers, self.writer)
        if self.key == nil {
            self.key = key
            self.logger.info("the relay's own key is ready", metadata: ["self": "\(key.publicKey)"])
            await self.enforcement.apply(relayKey: key.publicKey)
        }
        return key
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await self.look()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
        }
    }

    /// Publishes the list where it is not what it should be, and forgets invitations that have ended.
    func look() async {
        let policy = self.settings.current.policy
        guard !self.isLooking, policy !== self.policy || self.clock.seconds >= self.nextLook else { return }
        self.isLooking = true
        defer { self.isLooking = false }
        self.policy = policy
        self.nextLook = self.clock.seconds + Self.lookSeconds
        do {
            if self.clock.seconds >= self.nextSweep {
                self.nextSweep = self.clock.seconds + Self.sweepSeconds
                try await self.sweep()
                // What has become of the list is looked at anew.
                self.told = nil
            }
            if try await !self.publish() { self.nextLook = 0 }
            _ = self.outage.end(at: self.clock.seconds)
        } catch {
            self.nextLook = 0
            if self.outage.note("\(error)", at: self.clock.seconds) {
                self.logger.error("the list of members is not published", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Publishes what is to be told next.
    ///
    /// - Returns: whether nothing is left to be told.
    private func publish() async throws -> Bool {
        let key = try await self.relayKey()
        guard self.members(at: self.clock.now()) != self.told else { return true }
        let record = try await self.readers.next.record(MembershipPlan.key, in: MembershipPlan.section)
        let plan = MembershipPlan(record)
        if let record, !plan.events.isEmpty {
            // Another node's that is at work, or somebody's who was killed.
            try await self.carryOut(plan, revision: record.revision)
            return false
        }
        // Read after the record: whoever wrote it knew of no later change than is known here now. If somebody changes
        // it meanwhile, what is put together here is not taken.
        try await self.refresh()
        let last = try await self.lastList(by: key.publicKey)
        let now = self.clock.now()
        let standing = self.members(at: now)
        // One list a second, so that its time does not run ahead.
        guard last?.createdAt != now else { return false }
        let limits = self.settings.current.policy.limits.events
        let list = try MemberList(
            from: last,
            wasCut: plan.isCut,
            // Nodes whose clocks differ do not take back what another has told.
            to: self.members(at: max(now, min(last?.createdAt ?? now, now + Self.mostAhead))),
            by: key,
            now: now,
            capacity: MemberList.capacity(bytes: limits.bytes, tags: limits.tags)
        )
        self.warn(list)
        guard !list.events.isEmpty else {
            self.told = standing
            return true
        }
        let next = MembershipPlan(events: list.events, isCut: list.isCut)
        guard case .applied(let revision) = try await self.writer.apply([next.change(after: record)]) else {
            return false
        }
        try await self.carryOut(next, revision: revision)
        if list.isComplete { self.told = standing }
        return list.isComplete
    }

    private func carryOut(_ plan: MembershipPlan, revision: Int64) async throws {
        let outcomes = try await self.writer.save(plan.events)
        if outcomes.contains(.failed) {
            self.logger.error("the relay's database refuses an event about its members")
        }
        _ = try await self.writer.apply([plan.ended(revision: revision)])
    }

    /// Those who have access now.
    private func members(at now: Int64) -> Set<PublicKey> {
        let policy = self.settings.current.policy
        return Set(policy.members.keys(at: now)).subtracting(policy.moderation.bannedKeys)
    }

    private func warn(_ list: MemberList) {
        if list.isCut, !self.isCut {
            self.logger.warning(
                "the list of members does not hold all of them: raise events.max_tags and events.max_size"
            )
        }
        self.isCut = list.isCut
    }

    private func lastList(by key: PublicKey) async throws -> Event? {
        var filter = Filter()
        filter.authors = [key]
        filter.kinds = [.memberList]
        filter.limit = 1
        let query = StoredQuery([filter], readership: .operator, now: self.clock.now())
        let (page, _) = try await self.readers.next.nextPage(of: query)
        return page.count > 0 ? Event(canonical: [UInt8](page.json(0))) : nil
    }
}
