import Synchronization

/// What the sessions of one process share about one database.
final class PostgresNode: Sendable {
    /// What tells this process from the other nodes, in notifications.
    let name: String
    let schema: PostgresSchema

    private struct State {
        /// The runs of servers that were met, by their identity.
        var runs: [String: Int64] = [:]
        /// Transactions of this process that it tells its subscribers of itself, in the process' numbers.
        var own: Set<Int64> = []
        /// Transactions whose outcome was unknown when this process gave them up: the follower looks for them.
        var disowned: Set<Int64> = []
    }

    private let state = Monitor(State())
    private let changes = Atomic<Int64>(0)
    private let isFollowed = Atomic<Bool>(false)
    private let hasBeenFollowed = Atomic<Bool>(false)
    private let mustBeFollowed = Atomic<Bool>(false)

    init(name: String, schema: PostgresSchema) {
        self.name = name
        self.schema = schema
    }

    /// The run of the server that a connection leads to.
    func server(of connection: PostgresConnection) throws(StorageError) -> PostgresServer {
        let identity = try connection.value(PostgresServer.identity, timeout: .seconds(10)) ?? ""
        return self.state.withLock { state in
            if let run = state.runs[identity] { return PostgresServer(run: run) }
            let run = Int64(state.runs.count)
            state.runs[identity] = run
            return PostgresServer(run: run)
        }
    }

    // MARK: What the follower leaves out

    /// Notes a transaction that is about to be committed.
    func own(_ transaction: Int64) { self.state.withLock { _ = $0.own.insert(transaction) } }

    /// Leaves a transaction whose outcome is unknown to the follower.
    func disown(_ transaction: Int64) {
        self.state.withLock { state in
            state.own.remove(transaction)
            state.disowned.insert(transaction)
        }
    }

    /// The transactions that the follower leaves out, and those that it is to look for, however old. Those that lie
    /// below `floor` are over, and forgotten.
    func transactions(from floor: Int64) -> (own: Set<Int64>, disowned: Set<Int64>) {
        self.state.withLock { state in
            state.own = state.own.filter { $0 >= floor }
            defer { state.disowned = state.disowned.filter { $0 >= floor } }
            return (state.own, state.disowned)
        }
    }

    // MARK: What the result cache goes by

    /// A number that changes whenever anybody has changed the database; nil while nobody here hears of it.
    var version: Int64? {
        self.isFollowed.load(ordering: .acquiring) ? self.changes.load(ordering: .acquiring) : nil
    }

    /// Says that the database has changed, before anyone is told of it.
    func noteChange() { self.changes.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    /// Says whether a follower hears of changes at this moment.
    func setFollowed(_ isFollowed: Bool) {
        if isFollowed {
            self.noteChange()
            self.hasBeenFollowed.store(true, ordering: .releasing)
        }
        self.isFollowed.store(isFollowed, ordering: .releasing)
    }

    /// Says that there is a follower, which has to begin before anything is read: what others commit between the two would
    /// be in no history and not be told live.
    func expectFollower() { self.mustBeFollowed.store(true, ordering: .releasing) }

    /// Whether reading may begin.
    var mayRead: Bool {
        !self.mustBeFollowed.load(ordering: .acquiring) || self.hasBeenFollowed.load(ordering: .acquiring)
    }
}
