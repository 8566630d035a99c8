import Backends
import Nostr
import Testing

@testable import Actors

@Suite struct OpenCountsTests {
    private static func member(_ id: String) -> OpenCounts.Member {
        OpenCounts.Member(id: SubscriptionID(id), filters: [Filter()])
    }

    private static func counts(_ ids: String...) -> OpenCounts {
        var counts = OpenCounts()
        for id in ids { counts.append(Self.member(id), StoredCount([Filter()], readership: .operator, now: 0)) }
        return counts
    }

    /// The number of the one whose turn it is, or -1.
    private static func next(_ counts: inout OpenCounts, _ limit: Int) -> Int {
        counts.next(atMost: limit)?.number ?? -1
    }

    @Test func `as many are worked on as may be, in the order of their requests`() {
        var counts = Self.counts("a", "b", "c")
        let first = Self.next(&counts, 2)
        let second = Self.next(&counts, 2)
        let none = Self.next(&counts, 2)
        #expect(none == -1)
        #expect(counts.members[first]?.id == SubscriptionID("a"))
        let finished = counts.finish(second)
        #expect(finished?.id == SubscriptionID("b"))
        let third = Self.next(&counts, 2)
        #expect(counts.members[third]?.id == SubscriptionID("c"))
        let last = [counts.finish(first), counts.finish(third)]
        #expect(last.allSatisfy { $0 != nil } && counts.isEmpty)
        let nothing = Self.next(&counts, 2)
        #expect(nothing == -1)
    }

    @Test func `closing an id takes out all of that id, whether they wait or are worked on`() {
        var counts = Self.counts("a", "b", "a", "c", "a")
        let running = Self.next(&counts, 1)
        let closed = ["x", "a"].map { counts.close(SubscriptionID($0)).count }
        #expect(closed == [0, 3])
        #expect(counts.members.count == 2)
        // What is worked on takes its place until it has noticed.
        let none = Self.next(&counts, 1)
        #expect(none == -1)
        let ended = counts.finish(running)
        #expect(ended == nil)
        let next = Self.next(&counts, 1)
        #expect(counts.members[next]?.id == SubscriptionID("b"))
    }
}
