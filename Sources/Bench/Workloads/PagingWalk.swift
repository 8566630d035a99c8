/// Walks back through a history by time, page after page, as a client does that scrolls: each page ends with the oldest
/// second that has been seen.
struct PagingWalk {
    /// What to do after a page.
    enum Step: Equatable {
        /// Ask for events up to this second, inclusive.
        case ask(until: Int64)
        case finished
    }

    /// The second up to which the open page was asked for; nil for the first.
    private var until: Int64?
    /// The oldest second of the open page, and which of its events have been seen.
    private var oldest: Int64?
    private var seenInOldest: Set<UInt64> = []
    /// Those of the second at which the page before ended: they come again.
    private var seenBefore: Set<UInt64> = []
    private var pageEvents = 0
    private(set) var freshInPage = 0
    /// Distinct events so far.
    private(set) var events = 0
    /// Seconds that hold as much as a whole page, so that the rest of them cannot be asked for.
    private(set) var crowdedSeconds = 0

    /// Takes an event of the open page; what is younger than was asked for counts for nothing.
    mutating func receive(id: UInt64, createdAt: Int64) {
        if let until, createdAt > until { return }
        self.pageEvents += 1
        if createdAt < self.oldest ?? .max {
            self.oldest = createdAt
            self.seenInOldest = []
        }
        if createdAt == self.oldest { self.seenInOldest.insert(id) }
        guard createdAt != self.until || !self.seenBefore.contains(id) else { return }
        self.freshInPage += 1
        self.events += 1
    }

    /// Closes the page. Each step asks for an earlier second than the one before, so there is an end.
    mutating func endPage() -> Step {
        guard let oldest, self.pageEvents > 0 else { return .finished }
        var next = oldest
        if oldest == self.until {
            if self.freshInPage > 0 { self.crowdedSeconds += 1 }
            next = oldest - 1
        }
        guard next >= 0 else { return .finished }
        self.seenBefore = next == oldest ? self.seenInOldest : []
        self.until = next
        self.oldest = nil
        self.seenInOldest = []
        self.pageEvents = 0
        self.freshInPage = 0
        return .ask(until: next)
    }
}
