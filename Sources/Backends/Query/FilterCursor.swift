import Nostr

/// How far one filter of a query has been answered.
struct FilterCursor: Sendable {
    let filter: Filter
    private(set) var plan: FilterPlan
    /// What is left to check; nil where the index leaves nothing open.
    private(set) var matcher: Matcher?
    let kinds: KindSet?
    /// Events that the filter still gets.
    var allowance: Allowance
    var remaining: Int { self.allowance.remaining }
    /// Streams of index entries, opened by the first pages.
    var streams: [IndexStream] = []
    /// Indexes of `streams` that have not come to their end, the foremost on top.
    var heap: StreamHeap = StreamHeap()
    /// How many of the driver's leads have their streams open.
    var openLeads = 0
    /// The authors that a scan keeps; nil where it keeps all.
    var members: AuthorSet?
    /// How a scan that may be given up is doing.
    var trial: ScanTrial?
    /// The last entry that was used up; streams that take over from a scan start behind it.
    var taken: IndexEntry?

    /// Whether its events may still be looked up one by one, where they are known.
    var mayGather = true

    /// Whether a tag leads to many events of other kinds, which are better told in the index.
    var isSparse = false

    init(_ filter: Filter, _ allowance: Allowance) {
        self.filter = filter
        self.plan = FilterPlan(filter)
        self.matcher = self.plan.needsMatcher ? Matcher(filter) : nil
        self.kinds = filter.kinds.map(KindSet.init)
        self.allowance = self.plan.mostEvents(of: filter).map(allowance.clamped) ?? allowance
        self.trial = ScanTrial(of: self.plan, for: self.remaining)
    }

    /// Starts over with a plan of few streams; nothing has been taken yet.
    mutating func scan() { self.restart(by: FilterPlan(scanning: self.filter)) }

    /// Gives the scan up and goes on by the authors' own streams, behind what was taken.
    mutating func leaveScan() { self.restart(by: FilterPlan(byAuthors: self.filter)) }

    /// Drops what leads to further events: there are none.
    mutating func close() {
        self.allowance = .nothing
        self.streams = []
        self.heap = StreamHeap()
        self.members = nil
    }

    private mutating func restart(by plan: FilterPlan) {
        self.plan = plan
        if plan.needsMatcher, self.matcher == nil { self.matcher = Matcher(self.filter) }
        self.streams = []
        self.heap = StreamHeap()
        self.openLeads = 0
        self.members = nil
        self.trial = nil
    }

    /// Ends the filter's answer where only the rest of one second was still given, and that is over.
    mutating func closeTail() {
        guard self.allowance.isInTail, let top = self.heap.top else { return }
        _ = self.allowance.admits(top.entry.createdAt)
    }

    var isOpen: Bool { self.openLeads == self.plan.driver.leads }
    var isDone: Bool { self.remaining <= 0 || (self.isOpen && self.heap.isEmpty) }

    /// Whether the answer is one stretch of one index, whose rows need no merging.
    var isOneStretch: Bool {
        guard self.isOpen, self.streams.count == 1, self.members == nil else { return false }
        switch self.streams[0].prefix {
        case .kind, .time, .author: return self.streams[0].head == nil
        case .tag: return self.streams[0].head == nil && !self.isSparse
        case .list: return false
        }
    }

    /// Whether its events are so few, and known, that they are looked up one by one.
    func gathers(within bounds: PageBounds) -> Bool {
        guard self.mayGather, self.openLeads == 0, let most = self.plan.mostEvents(of: self.filter) else {
            return false
        }
        return most <= min(bounds.events, bounds.rows / 2)
    }

    /// What of the indexes the filter looks at.
    func window(snapshot: PageSnapshot, _ direction: StoredQuery.Direction) -> IndexWindow {
        IndexWindow(
            since: self.filter.since ?? .min,
            until: self.filter.until ?? .max,
            snapshot: snapshot,
            kinds: self.kinds,
            members: self.members,
            direction: direction
        )
    }
}
