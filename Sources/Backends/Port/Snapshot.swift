/// Which transactions had been committed at one moment.
///
/// Several writers' transactions are not committed in the order of their numbers: one of them may be on its way still
/// while later ones are done. PostgreSQL says it in these terms (`pg_snapshot`); with one writer none is on its way.
public struct Snapshot: Sendable, Hashable {
    /// All transactions before this one are committed, or undone for ever.
    public let floor: Int64
    /// This one and all later ones had not begun.
    public let ceiling: Int64
    /// Those between `floor` and `ceiling` that were on their way, in ascending order.
    public let running: [Int64]

    public init(floor: Int64, ceiling: Int64, running: [Int64] = []) {
        self.floor = floor
        self.ceiling = ceiling
        self.running = running
    }

    /// Of a database that has one writer at a time: everything up to a commit position.
    public init(through position: Int64) {
        let next = position == .max ? .max : position + 1
        self.init(floor: next, ceiling: next)
    }

    /// Nothing.
    public static let empty = Snapshot(through: 0)

    /// Whether a transaction's events belong to it.
    public func includes(_ transaction: Int64) -> Bool {
        if transaction < self.floor { return true }
        return transaction < self.ceiling && !self.running.containsSorted(transaction)
    }
}

/// How far the events committed after a snapshot have been read.
public struct CommitCursor: Sendable, Hashable {
    /// What was committed by then is known already.
    public let known: Snapshot
    /// What the first stretch found committed; all stretches together reach up to it. Nil before the first one.
    public internal(set) var target: Snapshot?
    /// The last event of the last stretch.
    var last: CommitPosition?

    public init(after known: Snapshot) { self.known = known }
}
