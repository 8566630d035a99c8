import Nostr
import Synchronization

/// What the sessions of one process share about one database.
final class PostgresNode: Sendable {
    /// What tells this process from the other nodes, in notifications.
    let id = String(UInt64.random(in: .min ... .max), radix: 16)
    let schema: PostgresSchema

    private struct State {
        /// The runs of servers that were met, by their identity.
        var runs: [String: Int64] = [:]
        /// Transactions of this process that it tells its subscribers of itself, in the process' numbers.
        var own: Set<Int64> = []
        /// Those among them whose outcome was unknown when the writer gave them up: the follower looks for them.
        var disowned: Set<Int64> = []
        /// Events that the subscribers of this process were told of lately.
        var told = RecentIDs()
    }

    private let state = Monitor(State())
    private let changes = Atomic<Int64>(0)
    private let isFollowed = Atomic<Bool>(false)
    /// When the follower last heard from the server, in nanoseconds of the monotonic clock.
    private let heardAt = Atomic<UInt64>(0)
    private let hasBeenFollowed = Atomic<Bool>(false)
    private let mustBeFollowed = Atomic<Bool>(false)

    init(schema: PostgresSchema) { self.schema = schema }

    /// The run of the server that a connection leads to.
    func server(of connection: PostgresConnection) throws(StorageError) -> PostgresServer {
        let identity = try PostgresServer.identity(of: connection)
        return self.state.withLock { state in
            let run = state.runs[identity] ?? Int64(state.runs.count)
            state.runs[identity] = run
            return PostgresServer(run: run, history: String(identity.prefix { $0 != " " }))
        }
    }

    // MARK: What the follower leaves out

    /// Notes a transaction that is about to be committed, and that this process tells its subscribers of itself.
    func own(_ transaction: Int64) { self.state.withLock { _ = $0.own.insert(transaction) } }

    /// Notes the events of a transaction that was committed.
    func noteCommitted(_ ids: [EventID], in transaction: Int64) {
        self.state.withLock { state in
            for id in ids { state.told.insert(id, xid: PostgresServer.xid(transaction)) }
        }
        self.noteChange()
    }

    /// Leaves a transaction whose outcome is unknown to the follower.
    func disown(_ transaction: Int64) { self.state.withLock { _ = $0.disowned.insert(transaction) } }

    /// Takes a transaction that was disowned, and whose outcome is known by now.
    func settle(_ transaction: Int64) { self.state.withLock { _ = $0.disowned.remove(transaction) } }

    /// The transactions that the follower leaves out, and those among them whose outcome it has to ask for. What it
    /// knows already it does not read again, and is forgotten.
    func transactions(
        after known: Snapshot,
        on server: PostgresServer
    ) -> (own: Set<Int64>, disowned: Set<Int64>) {
        self.state.withLock { state in
            // What an earlier run was in doubt about is read again anyway. To a later one the follower has yet to come.
            state.disowned = state.disowned.filter { !server.came(after: $0) }
            state.own = state.own.filter { !known.includes($0) || state.disowned.contains($0) }
            return (state.own, state.disowned)
        }
    }

    /// Whether the subscribers of this process were told of an event lately.
    func wasTold(_ id: EventID) -> Bool { self.state.withLock { $0.told.contains(id) } }

    /// Notes that the subscribers of this process are told of events.
    func noteTold(_ events: [(id: EventID, xid: Int64)]) {
        self.state.withLock { state in
            for (id, xid) in events { state.told.insert(id, xid: xid) }
        }
    }

    /// Notes what was stored before anybody here could be told, as far as it is to be remembered.
    ///
    /// - Parameter first: the server's number of the first transaction of which that is all.
    func beginTelling(after events: [(id: EventID, xid: Int64)], from first: Int64) {
        self.noteTold(events)
        self.state.withLock { $0.told.begin(at: first) }
    }

    /// The server's number of the first transaction whose events are all remembered.
    var rememberedFrom: Int64 { self.state.withLock { $0.told.from } }

    // MARK: What the result cache goes by

    /// A number that changes whenever anybody has changed the database; nil while nobody here hears of it.
    var version: Int64? {
        guard self.isFollowed.load(ordering: .acquiring) else { return nil }
        // A line that is silent may be cut: what comes through it is not waited for.
        guard Deadline.now - self.heardAt.load(ordering: .acquiring) < Self.silence else { return nil }
        return self.changes.load(ordering: .acquiring)
    }

    /// Nanoseconds of silence after which the follower is not relied on; it answers for itself more often.
    private static let silence: UInt64 = 1_500_000_000

    /// Says that the database has changed, before anyone is told of it.
    func noteChange() { self.changes.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    /// Says whether a follower hears of changes at this moment.
    func setFollowed(_ isFollowed: Bool) {
        if isFollowed {
            if !self.isFollowed.load(ordering: .acquiring) { self.noteChange() }
            self.hasBeenFollowed.store(true, ordering: .releasing)
            self.heardAt.store(Deadline.now, ordering: .releasing)
        }
        self.isFollowed.store(isFollowed, ordering: .releasing)
    }

    /// Says that there is a follower, which has to begin before anything is read: what others commit between the two
    /// would be in no history and not be told live.
    func expectFollower() { self.mustBeFollowed.store(true, ordering: .releasing) }

    /// Whether reading may begin.
    var mayRead: Bool {
        !self.mustBeFollowed.load(ordering: .acquiring) || self.hasBeenFollowed.load(ordering: .acquiring)
    }
}

/// Ids that came lately, a fixed number of them.
struct RecentIDs: Sendable {
    private var ids: Set<EventID> = []
    private var order: [(id: EventID, xid: Int64)] = []
    private var next = 0
    private static let most = 65_536
    /// The first transaction none of whose ids were forgotten.
    private(set) var from: Int64 = 0

    func contains(_ id: EventID) -> Bool { self.ids.contains(id) }

    /// Says that nothing is to be remembered from before this transaction.
    mutating func begin(at xid: Int64) { self.from = max(self.from, xid) }

    /// Returns whether the id is new.
    @discardableResult
    mutating func insert(_ id: EventID, xid: Int64) -> Bool {
        guard self.ids.insert(id).inserted else { return false }
        if self.order.count < Self.most {
            self.order.append((id, xid))
        } else {
            let forgotten = self.order[self.next]
            self.ids.remove(forgotten.id)
            self.from = max(self.from, forgotten.xid + 1)
            self.order[self.next] = (id, xid)
            self.next = (self.next + 1) % Self.most
        }
        return true
    }
}
