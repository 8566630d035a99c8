import Nostr

/// How far one filter of a query has been answered.
struct FilterCursor: Sendable {
    let filter: Filter
    let plan: FilterPlan
    let matcher: Matcher
    let kinds: Set<Kind>?
    /// Events that the filter still gets.
    var remaining: Int
    /// Streams of index entries, opened by the first page.
    var streams: [IndexStream] = []
    /// Indexes of `streams` that have an entry, the foremost on top.
    var heap: StreamHeap = StreamHeap()
    var isOpen = false

    init(_ filter: Filter, remaining: Int) {
        self.filter = filter
        self.plan = FilterPlan(filter)
        self.matcher = Matcher(filter)
        self.kinds = filter.kinds.map(Set.init)
        self.remaining = remaining
    }

    var isDone: Bool { self.remaining <= 0 || (self.isOpen && self.heap.isEmpty) }
}
