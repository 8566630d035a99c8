public import Nostr

/// A query over stored events as it stands between two pages: no statement is open, all that it needs is in here.
///
/// The first page fixes the snapshot S; all pages show what was committed at S, and nothing else.
public struct StoredQuery: Sendable {
    public enum Direction: Sendable { case newestFirst, oldestFirst }

    /// What the answer shows; nil before the first page.
    public internal(set) var snapshot: Snapshot?

    let direction: Direction
    /// Who reads; may change from page to page.
    public var readership: Readership {
        didSet { self.hadOtherReaders = self.hadOtherReaders || oldValue != self.readership && self.snapshot != nil }
    }
    /// Seconds since 1970; what has expired by then is not shown. It moves on from page to page.
    public var now: Int64
    /// Index entries and rows that were looked at so far.
    public internal(set) var rows = 0
    /// Nanoseconds that its pages have taken so far, by the account of whoever asked for them.
    public var spentNanoseconds = 0
    /// Filters that search (NIP-50); they are answered first, one after the other.
    var searches: [SearchCursor] = []
    /// Rows that the searches have given.
    var shown: Set<Int64> = []
    /// The other filters.
    var cursors: [FilterCursor]
    /// The row of an event that came up and was left out, because its filters were full.
    var unsent: Int64?
    /// Whether some pages were read for others than the rest.
    public private(set) var hadOtherReaders = false

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
        self.cursors = []
        for filter in filters where !filter.isUnsatisfiable {
            let own = limit.map { filter.limit == nil ? min($0.default, $0.maximum) : $0.maximum }
            guard let search = filter.search else {
                self.cursors.append(FilterCursor(filter, Allowance(asked: filter.limit, limit: own)))
                continue
            }
            let remaining = min(filter.limit ?? .max, own ?? .max)
            let cursor = SearchCursor(filter, search, remaining: remaining) { filter, most in
                var query = StoredQuery([], readership: readership, now: now, direction: direction)
                query.cursors = [FilterCursor(filter, Allowance(asked: most, limit: nil))]
                return query
            }
            self.searches.append(cursor)
        }
    }

    /// Whether words are searched for: that is not done on an event loop, nor kept.
    public var isSearch: Bool { !self.searches.isEmpty }

    /// What is asked for, without the values: how many authors, kinds, tag values and so on, and how it is looked up.
    public var shape: String {
        let searches = self.searches.map { "{\($0.filter.shape) by search}" }
        let others = self.cursors.map { "{\($0.filter.shape) by \($0.plan.driver.name)}" }
        return (searches + others).joined(separator: " ")
    }

    /// Values in all lists of all filters.
    public var valueCount: Int {
        self.searches.reduce(0) { $0 + $1.filter.valueCount } + self.cursors.reduce(0) { $0 + $1.filter.valueCount }
    }

    /// Events that all filters together may still get.
    var remaining: Int {
        self.cursors.reduce(0) { sum, cursor in
            let (more, overflows) = sum.addingReportingOverflow(max(cursor.remaining, 0))
            return overflows ? .max : more
        }
    }

    /// What tells the answer, but for the state of the database and the time.
    public var key: Key {
        Key(
            filters: self.searches.map(\.filter) + self.cursors.map(\.filter),
            limits: self.searches.map(\.remaining) + self.cursors.map(\.remaining),
            readership: self.readership,
            direction: self.direction
        )
    }

    /// Two queries of the same key have the same answer at the same moment.
    public struct Key: Hashable, Sendable {
        let filters: [Filter]
        let limits: [Int]
        let readership: Readership
        let direction: Direction
        /// Hashed once: a filter may name thousands of values.
        private let hash: Int

        init(filters: [Filter], limits: [Int], readership: Readership, direction: Direction) {
            self.filters = filters
            self.limits = limits
            self.readership = readership
            self.direction = direction
            var hasher = Hasher()
            hasher.combine(filters)
            hasher.combine(limits)
            hasher.combine(readership)
            hasher.combine(direction)
            self.hash = hasher.finalize()
        }

        public func hash(into hasher: inout Hasher) { hasher.combine(self.hash) }

        /// Values in all lists of all filters.
        public var valueCount: Int { self.filters.reduce(0) { $0 + $1.valueCount } }
    }

    /// The query after its last page as it is kept with its answer: without the streams that this came from, and
    /// without what it cost, for it costs nothing from now on.
    public consuming func finished() -> StoredQuery {
        self.rows = 0
        self.spentNanoseconds = 0
        for index in self.cursors.indices { self.cursors[index].close() }
        return self
    }

    /// Whether no event can match.
    public var isUnsatisfiable: Bool { self.cursors.isEmpty && self.searches.isEmpty }

    /// Whether there is nothing to ask the database for.
    public var isEmpty: Bool {
        self.searches.allSatisfy { $0.remaining == 0 } && self.cursors.allSatisfy { $0.remaining == 0 }
    }
}

extension Filter {
    /// Its fields, with the number of their values.
    var shape: String {
        var fields: [String] = []
        if let ids { fields.append("ids:\(ids.count)") }
        if let authors { fields.append("authors:\(authors.count)") }
        if let kinds { fields.append(kinds.count <= 4 ? "kinds:\(kinds)" : "kinds:\(kinds.count)") }
        for tag in self.tags { fields.append("#\(Character(Unicode.Scalar(tag.letter))):\(tag.values.count)") }
        if let since { fields.append("since:\(since)") }
        if let until { fields.append("until:\(until)") }
        if let search { fields.append("search:\(search.phrases.count)") }
        if let limit { fields.append("limit:\(limit)") }
        return fields.joined(separator: " ")
    }
}
