import Nostr
import Testing

@testable import Peers

@Suite("A walk through another relay's history")
struct DownloadWalkTests {
    private func walked(_ relay: inout PagingRelay, _ filter: Filter = Filter(), page: Int = 500) throws -> [Event] {
        var walk = DownloadWalk(filter, pageEvents: page)
        return try relay.walk(&walk)
    }

    private func expectAll(_ events: [Event], _ relay: PagingRelay, page: Int) throws {
        var relay = relay
        let found = try self.walked(&relay, page: page)
        #expect(found.count == events.count)
        #expect(Set(found.map(\.id)) == Set(events.map(\.id)))
    }

    @Test("takes every event once, whatever the relay's cap is", arguments: [1, 2, 3, 7, 20, 100])
    func takesEverything(cap: Int) throws {
        let events = notes(at: (0..<60).map { 1_000 + Int64($0) })
        try self.expectAll(events, PagingRelay(events, cap: cap), page: 10)
    }

    @Test("misses none of the events that share a second, where the cap holds a second", arguments: [5, 6, 9, 60])
    func takesTies(cap: Int) throws {
        let events = notes(at: (0..<60).map { 1_000 + Int64($0 / 4) })
        try self.expectAll(events, PagingRelay(events, cap: cap), page: 50)
    }

    @Test("takes a second with more events than a page, where the relay sends seconds whole")
    func takesWholeSeconds() throws {
        let events = notes(at: (0..<40).map { _ in 1_000 }) + notes(at: [998, 999, 1_001, 1_002])
        try self.expectAll(events, PagingRelay(events, cap: 20, keepsSecondsWhole: true), page: 10)
    }

    @Test("says which seconds the relay gives only a part of, and goes on with what is older")
    func noticesCrowdedSeconds() throws {
        let events = notes(at: (0..<40).map { _ in 1_000 } + [900, 1_100])
        var relay = PagingRelay(events, cap: 20)
        var walk = DownloadWalk(Filter(), pageEvents: 20)
        let found = try relay.walk(&walk)
        #expect(walk.crowdedSeconds == [1_000])
        #expect(found.count == 22)
        #expect(found.last?.createdAt == 900)
    }

    @Test("finds nothing crowded in an ordinary history")
    func findsNothingCrowded() throws {
        var relay = PagingRelay(notes(at: (0..<50).map { 1_000 + Int64($0 / 3) }), cap: 20)
        var walk = DownloadWalk(Filter(), pageEvents: 20)
        _ = try relay.walk(&walk)
        #expect(walk.crowdedSeconds == [])
    }

    @Test("ends at the filter's since and limit, and begins at its until")
    func keepsToTheFilter() throws {
        let events = notes(at: Array(1_000..<1_060))
        var filter = Filter()
        filter.since = 1_010
        filter.until = 1_049
        var relay = PagingRelay(events, cap: 7)
        expect(try self.walked(&relay, filter).map(\.createdAt) == (1_010...1_049).reversed())
        filter.limit = 12
        expect(try self.walked(&relay, filter).map(\.createdAt) == (1_038...1_049).reversed())
        filter.limit = 0
        expect(try self.walked(&relay, filter) == [])
    }

    @Test("asks for less with every request, so that it ends", arguments: [1, 4, 50])
    func asksForLess(cap: Int) throws {
        var relay = PagingRelay(notes(at: (0..<50).map { 1_000 + Int64($0 / 5) }), cap: cap)
        var walk = DownloadWalk(Filter(), pageEvents: 10)
        _ = try relay.walk(&walk)
        #expect(relay.requests.count <= 3 * 50 + 3)
        #expect(Set(relay.requests).count == relay.requests.count)
    }

    @Test("begins again where another walk stopped")
    func resumes() throws {
        let events = notes(at: (0..<50).map { 1_000 + Int64($0 / 2) })
        var relay = PagingRelay(events, cap: 9)
        var walk = DownloadWalk(Filter(), pageEvents: 9)
        var found: Set<EventID> = []
        for _ in 0..<3 {
            let page = relay.answer(try #require(walk.request))
            for event in page where walk.take(event) == .new { found.insert(event.id) }
            try walk.endPage()
        }
        var second = DownloadWalk(try #require(walk.rest), pageEvents: 9)
        let rest = try relay.walk(&second)
        #expect(rest.count < 50)
        #expect(found.union(rest.map(\.id)).count == 50)
        #expect(second.rest == nil)
    }

    @Test("does not take what it did not ask for, and fails where nothing else comes")
    func refusesUnasked() throws {
        var filter = Filter()
        filter.kinds = [1]
        filter.until = 2_000
        var walk = DownloadWalk(filter)
        for event in notes(at: [1_000], kind: 7) + notes(at: [3_000]) { expect(walk.take(event) == .unasked) }
        #expect(throws: PeerFailure.unasked(events: 2)) { try walk.endPage() }
        var other = DownloadWalk(filter)
        for event in notes(at: [1_000], kind: 7) { expect(other.take(event) == .unasked) }
        for event in notes(at: [1_000]) {
            expect(other.take(event) == .new)
            expect(other.take(event) == .seen)
        }
        try other.endPage()
        #expect(other.request?.until == 1_000)
    }

    @Test("ends with a relay that gives the same page for ever")
    func endsWithStubbornRelay() throws {
        let events = notes(at: [5, 5, 4, 4])
        var walk = DownloadWalk(Filter(), pageEvents: 4)
        var requests = 0
        #expect(throws: PeerFailure.self) {
            while walk.request != nil, requests < 20 {
                requests += 1
                for event in events { _ = walk.take(event) }
                try walk.endPage()
            }
        }
        #expect(requests < 10)
    }

    @Test("goes on where the request for a second alone is refused")
    func survivesRefusedSecond() throws {
        let events = notes(at: [1_000, 1_000, 1_000, 900])
        var relay = PagingRelay(events, cap: 2)
        var walk = DownloadWalk(Filter(), pageEvents: 2)
        var found = 0
        while let request = walk.request {
            if !walk.isOptional {
                for event in relay.answer(request) where walk.take(event) == .new { found += 1 }
            }
            try walk.endPage()
        }
        #expect(found == 3)
        #expect(walk.crowdedSeconds == [1_000])
    }

    @Test("takes events of the first second and of the last one that a number holds")
    func takesExtremes() throws {
        let events = notes(at: [0, 0, .max, .max, 1])
        try self.expectAll(events, PagingRelay(events, cap: 3), page: 3)
    }
}
