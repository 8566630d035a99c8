import Actors
import Backends
import Logging
import Nostr
import ServiceLifecycle

/// Membership as the relay tells it and clients ask for it (NIP-43): the list that it signs, joining and leaving.
actor Membership: MembershipDesk, Service {
    let readers: ReaderPool
    let writer: StorageWriter
    let settings: LiveSettings
    let clock: Clock
    let logger: Logger
    /// Puts what was changed in force.
    let refresh: @Sendable () async throws -> Void
    /// Nil as long as it was not needed, or could not be had.
    private var key: KeyPair?
    /// The members that the list had when it was looked at last.
    private var listed: [PublicKey]?
    /// What was in force at the last look.
    private var policy: Policy?
    private var nextLook = 0.0
    private var outage = Outage()

    private static let interval = Duration.milliseconds(200)
    /// Memberships end without a change of any record.
    private static let lookSeconds = 5.0

    init(
        readers: ReaderPool,
        writer: StorageWriter,
        settings: LiveSettings,
        clock: Clock,
        logger: Logger,
        refresh: @escaping @Sendable () async throws -> Void
    ) {
        self.readers = readers
        self.writer = writer
        self.settings = settings
        self.clock = clock
        self.logger = logger
        self.refresh = refresh
    }

    /// The relay's key, made where there is none yet.
    func relayKey() async throws -> KeyPair {
        if let key { return key }
        let key = try await RelayKey.load(self.settings.configuration, self.readers, self.writer)
        self.key = key
        self.settings.apply(relayKey: key.publicKey)
        return key
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await self.look()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
        }
    }

    /// Publishes the list where it is not what it should be.
    func look() async {
        let policy = self.settings.current.policy
        guard policy !== self.policy || self.clock.seconds >= self.nextLook else { return }
        self.policy = policy
        self.nextLook = self.clock.seconds + Self.lookSeconds
        do {
            try await self.publish()
            _ = self.outage.end(at: self.clock.seconds)
        } catch {
            self.nextLook = 0
            if self.outage.note("\(error)", at: self.clock.seconds) {
                self.logger.error("the list of members is not published", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func publish() async throws {
        let key = try await self.relayKey()
        let now = self.clock.now()
        let limit = self.settings.current.policy.limits.events.tags - 1
        let members = Array(self.settings.current.policy.members.keys(at: now).sorted().prefix(limit))
        guard members != self.listed else { return }
        // One node at a time, so that nobody is told twice.
        guard try await self.takeTurn(until: now + 10) else {
            self.nextLook = 0
            return
        }
        let last = try await self.lastList(by: key.publicKey)
        let events = try MemberList.events(from: last, to: members, by: key, now: now)
        if !events.isEmpty { _ = try await self.writer.save(events) }
        self.listed = members
        _ = try await self.writer.apply([RecordChange(.erase, section: Self.turns, key: "list")])
    }

    private static let turns = "membership_turn"

    private func takeTurn(until: Int64) async throws -> Bool {
        let record = try await self.readers.next.record("list", in: Self.turns)
        let value = record.flatMap(\.value).flatMap { try? JSONValue(parsing: $0.span) }
        if value?["until"]?.integer ?? 0 > self.clock.now() { return false }
        let turn = JSONValue.object(["until": .number(until)])
        let condition = record.map { RecordChange.Condition.revision($0.revision) } ?? .absent
        let change = RecordChange(.put(turn.json), section: Self.turns, key: "list", if: condition)
        guard case .applied = try await self.writer.apply([change]) else { return false }
        return true
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
