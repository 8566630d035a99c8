public import Nostr

/// A query over stored events as it stands between two pages: no statement is open, all that it needs is in here.
///
/// The first page fixes the snapshot, the commit position S; all pages show what was committed at S, and nothing else.
public struct StoredQuery: Sendable {
    public enum Direction: Sendable { case newestFirst, oldestFirst }

    /// The last commit position that the answer shows; nil before the first page.
    public internal(set) var snapshot: Int64?

    let direction: Direction
    /// Who reads; may change from page to page.
    public var readership: Readership
    /// Seconds since 1970; what has expired by then is not shown. It moves on from page to page.
    public var now: Int64
    var cursors: [FilterCursor]

    /// - Parameters:
    ///   - filters: an event that matches several of them is given once.
    ///   - limit: what a filter gets that asks for more, or for nothing; nil for no limit.
    ///   - now: seconds since 1970.
    public init(
        _ filters: [Filter],
        limit: (default: Int, maximum: Int)? = nil,
        readership: Readership,
        now: Int64,
        direction: Direction = .newestFirst
    ) {
        self.direction = direction
        self.readership = readership
        self.now = now
        self.cursors = filters.filter { !$0.isUnsatisfiable }.map { filter in
            var remaining = filter.limit ?? limit?.default ?? .max
            if let maximum = limit?.maximum { remaining = min(remaining, maximum) }
            return FilterCursor(filter, remaining: remaining)
        }
    }

    /// Whether there is nothing to ask the database for.
    public var isEmpty: Bool { self.cursors.allSatisfy { $0.remaining == 0 } }
}
