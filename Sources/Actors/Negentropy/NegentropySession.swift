import Nostr

/// A reconciliation with a client (NIP-77), as its connection sees it.
final class NegentropySession {
    let id: SubscriptionID
    /// Who asked; whoever may read less later must ask anew.
    let readership: Readership
    /// The uptime in nanoseconds at which it was opened.
    let openedAt: Int
    /// The uptime in nanoseconds at which it was last answered or spoken to.
    var usedAt: Int
    var state = State.waiting
    /// Records that it holds of its own.
    var lease: RecordLease?
    /// What is being done for it.
    var task: Task<Void, Never>?

    enum State {
        /// For its records, and for the answer to the first message. Exits: `answering`, or the session ends.
        case waiting
        /// A message is being answered. Exits: `idle`, or the session ends.
        case answering
        /// Waits for the client. Exits: `answering`, or the session ends.
        case idle(Negentropy<NegentropySnapshot>)
    }

    init(_ id: SubscriptionID, readership: Readership, uptime: Int) {
        self.id = id
        self.readership = readership
        self.openedAt = uptime
        self.usedAt = uptime
    }
}

/// The reconciliations of one connection.
struct NegentropySessions {
    private(set) var open: [SubscriptionID: NegentropySession] = [:]
    /// Those that wait for their turn to have their records looked up, with what they ask for.
    var waiting: [(session: NegentropySession, filter: Filter, message: [UInt8])] = []
    /// Whether records are being looked up.
    var isLoading = false

    var isEmpty: Bool { self.open.isEmpty }
    var count: Int { self.open.count }

    subscript(id: SubscriptionID) -> NegentropySession? { self.open[id] }

    func contains(_ session: NegentropySession) -> Bool { self.open[session.id] === session }

    mutating func add(_ session: NegentropySession) { self.open[session.id] = session }

    /// Takes a session out and ends what is being done for it.
    mutating func remove(_ id: SubscriptionID) -> NegentropySession? {
        guard let session = self.open.removeValue(forKey: id) else { return nil }
        self.waiting.removeAll { $0.session === session }
        session.task?.cancel()
        session.lease = nil
        return session
    }
}
