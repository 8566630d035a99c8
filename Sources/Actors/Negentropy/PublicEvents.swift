import Backends
import Nostr

/// The stored events that everybody may read, as a set that is kept up to date with the database: from the marks of its
/// rows, and from what is published.
///
/// What is told twice counts once, and in whatever order: rows are never given twice, so what was removed is not
/// inserted any more. 64 bytes an event.
struct PublicEvents {
    let privateKinds: Set<Kind>
    private let maximum: Int
    private var tree = NegentropyTree()
    private var rows = SortedChunks<Row>()
    private var expiries = SortedChunks<Expiry>()
    private var removed = RemovedRows()
    /// The set as it is now, if anybody has asked.
    private var snapshot: NegentropySnapshot?
    /// What became of it that it cannot be used any more.
    private(set) var fault: Fault?

    enum Fault: Hashable {
        /// There are more events than are kept.
        case tooMany
        /// It cannot be told which event is gone.
        case doubtful
    }

    /// Where an event stands in the tree, by its row: two of one second may share the beginning of their ids.
    private struct Row: Comparable {
        let row: Int64
        let timestamp: UInt64
        let prefix: UInt64

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.row < rhs.row }
        static func == (lhs: Self, rhs: Self) -> Bool { lhs.row == rhs.row }
    }

    private struct Expiry: Comparable {
        /// Seconds since 1970.
        let at: Int64
        let row: Int64

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.at == rhs.at ? lhs.row < rhs.row : lhs.at < rhs.at }
    }

    /// - Parameter maximum: events that are kept at most.
    init(privateKinds: Set<Kind>, maximum: Int) {
        self.privateKinds = privateKinds
        self.maximum = maximum
    }

    var count: Int { self.tree.count }

    mutating func insert(_ mark: EventMark) {
        guard self.fault == nil, !self.privateKinds.contains(mark.kind), !self.removed.contains(mark.row) else {
            return
        }
        let item = NegentropyItem(timestamp: UInt64(mark.createdAt), id: mark.id)
        let row = Row(row: mark.row, timestamp: item.timestamp, prefix: mark.id.bytes.prefix)
        guard self.rows.insert(row) != nil else { return }
        self.snapshot = nil
        guard self.tree.insert(item) else {
            self.fault = .doubtful
            return
        }
        if let expiresAt = mark.expiresAt { _ = self.expiries.insert(Expiry(at: expiresAt, row: mark.row)) }
        if self.tree.count > self.maximum { self.fault = .tooMany }
    }

    mutating func remove(row: Int64) {
        // Also where it is not there: it may be told only now that it was stored.
        self.removed.insert(row)
        self.drop(row)
    }

    private mutating func drop(_ number: Int64) {
        let sought = Row(row: number, timestamp: 0, prefix: 0)
        guard let place = self.rows.firstPlace(where: { $0 < sought }), self.rows[place] == sought else { return }
        let row = self.rows[place]
        _ = self.rows.remove(row)
        self.snapshot = nil
        let items = self.tree.items(at: row.timestamp, prefix: row.prefix)
        guard items.count == 1, self.tree.remove(items[0]) else {
            self.fault = .doubtful
            return
        }
    }

    /// Takes out what has expired by `now`, seconds since 1970.
    mutating func expire(by now: Int64) {
        while let first = self.expiries.chunks.first?.first, first.at <= now {
            _ = self.expiries.remove(first)
            self.drop(first.row)
        }
    }

    /// The set at this moment.
    mutating func current() -> (NegentropySnapshot, NegentropyTree) {
        let snapshot = self.snapshot ?? self.tree.snapshot()
        self.snapshot = snapshot
        return (snapshot, self.tree)
    }
}
