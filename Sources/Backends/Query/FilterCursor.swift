import Nostr

/// How far one filter of a query has been answered.
struct FilterCursor: Sendable {
    let filter: Filter
    private(set) var plan: FilterPlan
    let matcher: Matcher
    let kinds: Set<Kind>?
    /// Events that the filter still gets.
    var remaining: Int
    /// Streams of index entries, opened by the first pages.
    var streams: [IndexStream] = []
    /// Indexes of `streams` that have not come to their end, the foremost on top.
    var heap: StreamHeap = StreamHeap()
    /// How many of the driver's leads have their streams open.
    var openLeads = 0

    init(_ filter: Filter, remaining: Int) {
        self.filter = filter
        self.plan = FilterPlan(filter)
        self.matcher = Matcher(filter)
        self.kinds = filter.kinds.map(Set.init)
        self.remaining = remaining
    }

    /// Starts over with a plan of few streams; nothing has been taken yet.
    mutating func scan() {
        self.plan = FilterPlan(scanning: self.filter)
        self.streams = []
        self.heap = StreamHeap()
        self.openLeads = 0
    }

    var isOpen: Bool { self.openLeads == self.plan.driver.leads }
    var isDone: Bool { self.remaining <= 0 || (self.isOpen && self.heap.isEmpty) }
}
