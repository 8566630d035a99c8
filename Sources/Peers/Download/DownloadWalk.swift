public import Nostr

/// Walks backwards through what another relay has of one filter (NIP-01, `until` and `limit`): a value that is told
/// each event of a page and says what to ask next.
///
/// Each page begins with the second at which the last one ended, for a relay may have cut it amid events that share it.
/// A page that holds nothing older is followed by a request for that second alone, and then by what is before it. So
/// every request asks for less than the one before, whatever is answered, and the walk ends.
public struct DownloadWalk: Sendable {
    /// What is asked for altogether.
    public let filter: Filter
    private let matcher: Matcher
    private let pageEvents: Int
    private var step: Step
    /// Events of the filter's limit that are still to come.
    private var remaining: Int
    /// Events of the second `until` that came in earlier pages.
    private var edge: Set<EventID> = []
    /// Every event of the page that is being read.
    private var page: [EventID: Int64] = [:]
    /// Events of the page that were not asked for.
    private var unasked = 0
    /// A second that filled a page, how many events it filled it with, and how many came when it was asked for alone.
    private var suspicion: (second: Int64, paged: Int, alone: Int)?
    /// Events of the largest page so far: the relay sends as many at once.
    private var largestPage = 0
    /// Seconds of which the relay gives no more than a part, because they hold more than it sends at once.
    public private(set) var crowdedSeconds: [Int64] = []

    /// Events asked for where a second is asked for alone: as many as a relay is known to allow.
    public static let crowdEvents = 5_000
    /// Events from which a second that ends a history may be more than a relay sends at once.
    private static let leastCap = 100
    /// What the caps of relays are multiples of.
    private static let capStep = 500
    /// Events of one page, whatever was asked for: a relay may send a second whole.
    private static let maximumPage = 200_000
    /// Seconds that are remembered as crowded.
    private static let maximumCrowded = 1_000

    private enum Step: Sendable {
        /// What is not newer than `until`, the newest first. Exits to itself with less, to `second`, and to `done`.
        case page(until: Int64?)
        /// A second alone. Exits to the page before it.
        case second(Int64)
        case done
    }

    /// - Parameter pageEvents: how many events are asked for at once.
    public init(_ filter: Filter, pageEvents: Int = 500) {
        self.filter = filter
        self.matcher = Matcher(filter)
        self.pageEvents = pageEvents
        self.remaining = filter.limit ?? .max
        self.step = filter.isUnsatisfiable || filter.limit == 0 ? .done : .page(until: filter.until)
    }

    /// What to ask next; nil at the end.
    public var request: Filter? {
        var request = self.filter
        switch self.step {
        case .page(let until):
            request.until = until
            let isBound = self.remaining < self.pageEvents
            request.limit = isBound ? min(self.remaining + self.edge.count, self.pageEvents) : self.pageEvents
        case .second(let second):
            request.since = second
            request.until = second
            request.limit = Self.crowdEvents
        case .done: return nil
        }
        return request
    }

    /// What is left to read, for a walk that goes on another time; nil at the end.
    public var rest: Filter? {
        var rest = self.filter
        switch self.step {
        case .page(let until): rest.until = until
        case .second(let second): rest.until = second
        case .done: return nil
        }
        if self.filter.limit != nil { rest.limit = self.remaining }
        return rest
    }

    /// Whether an answer that is refused is the one to a second alone, which can be done without.
    public var isOptional: Bool {
        if case .second = self.step { true } else { false }
    }

    /// What an event of the page is.
    public enum Place: Sendable, Hashable {
        case new
        /// It came before.
        case seen
        /// It does not match, or the request did not ask for it.
        case unasked
    }

    /// Takes an event of the page.
    public mutating func take(_ event: Event) -> Place {
        guard self.page.count < Self.maximumPage, self.isAskedFor(event) else {
            self.unasked += 1
            return .unasked
        }
        guard self.page.updateValue(event.createdAt, forKey: event.id) == nil, !self.edge.contains(event.id),
            self.remaining > 0
        else { return .seen }
        self.remaining -= self.filter.limit == nil ? 0 : 1
        return .new
    }

    /// Ends the page, at EOSE or where a request for a second alone is refused.
    ///
    /// - Throws: where the relay sent only what was not asked for.
    public mutating func endPage() throws(PeerFailure) {
        defer {
            self.page = [:]
            self.unasked = 0
        }
        switch self.step {
        case .page(let until):
            guard !self.page.isEmpty || self.unasked == 0 else { throw .unasked(events: self.unasked) }
            self.endPage(upTo: until)
        case .second(let second):
            self.suspicion?.alone = self.page.count
            self.edge = []
            self.go(to: second - 1)
        case .done: break
        }
    }

    private mutating func endPage(upTo until: Int64?) {
        let oldest = self.page.values.min()
        defer { self.largestPage = max(self.largestPage, self.page.count) }
        self.judgeSuspicion(isFollowed: oldest != nil)
        guard let oldest, self.remaining > 0 else {
            self.step = .done
            return
        }
        guard oldest == until else {
            self.edge = Set(self.page.filter { $0.value == oldest }.keys)
            return self.go(to: oldest)
        }
        guard self.page.count >= self.largestPage else {
            // The relay sends more at once than this: it has no more of the second.
            self.edge = []
            return self.go(to: oldest - 1)
        }
        self.suspicion = (oldest, self.page.count, 0)
        self.edge.formUnion(self.page.keys)
        self.step = .second(oldest)
    }

    /// A second was cut short where the relay gave a page of nothing else although it has older events, and no more of
    /// it when asked for it alone, or exactly as many as relays allow.
    private mutating func judgeSuspicion(isFollowed: Bool) {
        guard let (second, paged, alone) = self.suspicion else { return }
        self.suspicion = nil
        let isCut =
            alone <= paged
            ? isFollowed || paged >= Self.leastCap : alone.isMultiple(of: Self.capStep)
        if isCut, self.crowdedSeconds.count < Self.maximumCrowded { self.crowdedSeconds.append(second) }
    }

    private mutating func go(to until: Int64) {
        self.step = until < max(self.filter.since ?? 0, 0) || self.remaining == 0 ? .done : .page(until: until)
    }

    private func isAskedFor(_ event: Event) -> Bool {
        switch self.step {
        case .page(let until): guard event.createdAt <= until ?? .max else { return false }
        case .second(let second): guard event.createdAt == second else { return false }
        case .done: return false
        }
        return self.matcher.matches(event)
    }
}
