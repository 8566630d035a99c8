import Backends
import Nostr

/// The COUNTs of one connection that are not answered yet. Their ids are no names of subscriptions, and several may
/// have the same.
struct OpenCounts {
    /// One of them.
    struct Member {
        let id: SubscriptionID
        let filters: [Filter]
    }

    private(set) var members: [Int: Member] = [:]
    /// Those that wait their turn, in the order of their requests.
    private var waiting: [(number: Int, count: StoredCount)] = []
    private var running: Set<Int> = []
    private var last = 0

    /// Whether there is nothing that a new one would overtake.
    var isEmpty: Bool { self.members.isEmpty }

    /// Adds one that waits its turn.
    mutating func append(_ member: Member, _ count: StoredCount) {
        self.last += 1
        self.members[self.last] = member
        self.waiting.append((self.last, count))
    }

    /// The one whose turn it is; nil where `limit` are worked on already, or none waits.
    mutating func next(atMost limit: Int) -> (number: Int, count: StoredCount)? {
        guard self.running.count < limit, !self.waiting.isEmpty else { return nil }
        let next = self.waiting.removeFirst()
        self.running.insert(next.number)
        return next
    }

    /// Takes one out that was worked on; nil where it was closed meanwhile.
    mutating func finish(_ number: Int) -> Member? {
        self.running.remove(number)
        return self.members.removeValue(forKey: number)
    }

    /// Takes out those of an id. What is being worked on still counts as such until `finish`.
    mutating func close(_ id: SubscriptionID) -> [Member] {
        guard !self.members.isEmpty else { return [] }
        let closed = self.members.filter { $0.value.id == id }
        for number in closed.keys { self.members[number] = nil }
        self.waiting.removeAll { closed[$0.number] != nil }
        return Array(closed.values)
    }
}
