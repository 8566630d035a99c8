import Nostr

/// How far one filter that searches (NIP-50) has been answered: candidates are collected, newest first, then ranked,
/// then given.
struct SearchCursor: Sendable {
    /// Where candidates come from at the moment.
    enum Stage: Sendable {
        /// What is stored and not indexed yet.
        case unindexed
        case index(SearchExpression, SearchPlace)
        /// The filter's own streams: it names few events, whose words are looked at.
        case streams(StoredQuery)
        /// The hits are in order; those before this one have been given.
        case giving(Int)
    }

    let filter: Filter
    let search: SearchQuery
    let matcher: Matcher
    /// Events that the filter still gets.
    var remaining: Int
    var stage = Stage.unindexed
    private(set) var hits: [SearchHit] = []
    private var seen: Set<Int64> = []
    private var bytes = 0
    private let most: Int

    /// The newest matches that are ranked, unless more are asked for.
    static let ranked = 1_000
    /// Bytes of matches after which no more are ranked.
    private static let rankedBytes = 8 << 20

    init(_ filter: Filter, _ search: SearchQuery, remaining: Int, query: (Filter, Int) -> StoredQuery) {
        self.filter = filter
        self.search = search
        self.matcher = Matcher(filter)
        self.remaining = remaining
        self.most = max(remaining, Self.ranked)
        if Self.namesFew(filter) { self.stage = .streams(query(filter, self.most)) }
    }

    /// Whether the filter's own conditions lead to few events. Topics do not.
    private static func namesFew(_ filter: Filter) -> Bool {
        filter.ids != nil || filter.tags.contains { FilterPlan.isNaming($0.letter) }
    }

    var isDone: Bool {
        if self.remaining <= 0 { return true }
        guard case .giving(let next) = self.stage else { return false }
        return next >= self.hits.count
    }

    /// Whether enough has been collected.
    var isFull: Bool {
        self.hits.count >= self.most || (self.bytes >= Self.rankedBytes && self.hits.count >= self.remaining)
    }

    /// Takes a row for a hit, if it is one.
    mutating func consider(_ json: Span<UInt8>, at position: Int64) {
        guard !self.isFull, self.seen.insert(position).inserted, let event = Event(canonical: [UInt8](json)) else {
            return
        }
        let words = EventWords(event)
        guard self.matcher.matches(event, nil, words), let score = self.search.score(of: words.words) else { return }
        self.bytes += json.count
        self.hits.append(SearchHit(score: score, createdAt: event.createdAt, id: event.id, position: position))
    }

    /// Puts the hits in order.
    mutating func rank() {
        self.hits.sort(by: SearchHit.isBefore)
        self.seen = []
        self.stage = .giving(0)
    }
}

/// An event that matches, and how well.
struct SearchHit: Sendable {
    let score: Double
    /// Seconds since 1970.
    let createdAt: Int64
    let id: EventID
    let position: Int64

    /// Best first, then newest first, then by id.
    static func isBefore(_ one: SearchHit, _ other: SearchHit) -> Bool {
        if one.score != other.score { return one.score > other.score }
        if one.createdAt != other.createdAt { return one.createdAt > other.createdAt }
        return one.id < other.id
    }
}
