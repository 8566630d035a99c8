import Nostr

@testable import Peers

/// A relay by value that answers requests as relays do, with a cap, for the walks of downloads.
struct PagingRelay {
    var events: [Event]
    /// Events that one request gets at most.
    var cap = 500
    /// Whether what shares a second is sent together at the cap.
    var keepsSecondsWhole = false
    private(set) var requests: [Filter] = []

    init(_ events: [Event], cap: Int = 500, keepsSecondsWhole: Bool = false) {
        self.events = events.sorted {
            $0.createdAt == $1.createdAt ? $0.id < $1.id : $0.createdAt > $1.createdAt
        }
        self.cap = cap
        self.keepsSecondsWhole = keepsSecondsWhole
    }

    mutating func answer(_ filter: Filter) -> [Event] {
        self.requests.append(filter)
        let matcher = Matcher(filter)
        let matching = self.events.filter { matcher.matches($0) }
        let limit = filter.limit ?? .max
        var answer = matching.prefix(min(limit, self.cap))
        if self.keepsSecondsWhole, limit > self.cap, let last = answer.last {
            answer = matching.prefix { $0.createdAt >= last.createdAt }
        }
        return Array(answer)
    }

    /// Walks to the end; what was new to the walk, in its order.
    mutating func walk(_ walk: inout DownloadWalk) throws -> [Event] {
        var new: [Event] = []
        while let request = walk.request {
            for event in self.answer(request) where walk.take(event) == .new { new.append(event) }
            try walk.endPage()
        }
        return new
    }
}

/// Events of one author, as many as seconds are given.
func notes(at seconds: [Int64], kind: Kind = 1) -> [Event] {
    let keys = KeyPair.random()
    return seconds.enumerated().compactMap { index, second in
        Event.signed(by: keys, kind: kind, content: "\(index)", createdAt: second)
    }
}
