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

    @Test func `as many are worked on as may be, in the order of their requests`() throws {
        var counts = Self.counts("a", "b", "c")
        let first = try #require(counts.next(atMost: 2)).number
        let second = try #require(counts.next(atMost: 2)).number
        #expect(counts.next(atMost: 2) == nil)
        #expect(counts.members[first]?.id == SubscriptionID("a"))
        #expect(counts.finish(second)?.id == SubscriptionID("b"))
        let third = try #require(counts.next(atMost: 2)).number
        #expect(counts.members[third]?.id == SubscriptionID("c"))
        #expect(counts.finish(first) != nil && counts.finish(third) != nil)
        #expect(counts.isEmpty && counts.next(atMost: 2) == nil)
    }

    @Test func `closing an id takes out all of that id, whether they wait or are worked on`() throws {
        var counts = Self.counts("a", "b", "a", "c", "a")
        let running = try #require(counts.next(atMost: 1)).number
        #expect(counts.close(SubscriptionID("x")).isEmpty)
        #expect(counts.close(SubscriptionID("a")).count == 3)
        #expect(counts.members.count == 2)
        // What is worked on takes its place until it has noticed.
        #expect(counts.next(atMost: 1) == nil)
        #expect(counts.finish(running) == nil)
        let next = try #require(counts.next(atMost: 1)).number
        #expect(counts.members[next]?.id == SubscriptionID("b"))
        #expect(counts.close(SubscriptionID("a")).isEmpty)
    }
}
