import Nostr
import Testing

@testable import Backends

/// Feeds of many authors: a scan finds them where they are many among those who write, their own streams where not.
@Suite struct ScanTrialTests {
    private static let authors = (0..<40).map { PublicKey.sample($0) }

    /// 6,000 events, `share` of a hundred of them by the authors of the feed.
    private static func crowd(share: Int) -> [Event] {
        (0..<6_000).map { number in
            let isMember = number % 100 < share
            let author = PublicKey.sample(isMember ? number * 7 % 40 : 100 + number % 60)
            return .sample(
                by: author,
                kind: number % 3 == 0 ? 6 : 1,
                at: Int64(1_000 + number / 3),
                content: "\(number)"
            )
        }
    }

    @Test(arguments: Backend.allCases, [0, 1, 5, 40, 100])
    func `a feed is answered alike, however many of those who write are in it`(backend: Backend, share: Int) throws {
        let store = try TestStore(backend)
        let crowd = Self.crowd(share: share)
        try store.storeAll(crowd)
        let model = QueryModel(crowd)
        let shapes: [Filter] = [
            .sample(authors: Self.authors, kinds: [1, 6], limit: 30), .sample(authors: Self.authors, limit: 100),
            .sample(authors: Self.authors, kinds: [1], limit: 2_000), .sample(authors: Self.authors, kinds: [0, 3]),
            .sample(authors: Self.authors, kinds: [1, 6], since: 1_500, until: 1_900, limit: 500),
        ]
        for filter in shapes {
            for bounds in [PageBounds(), PageBounds(events: 7, rows: 300)] {
                for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
                    let answer = try store.reader.ids(answering: .of([filter], direction: direction), bounds: bounds)
                    #expect(answer == model.answer([filter], direction: direction), "\(share) \(filter) \(direction)")
                }
            }
        }
    }

    @Test func `a scan that finds too little is given up, one that finds enough is not`() {
        let plan = FilterPlan(.sample(authors: Self.authors, kinds: [1]))
        guard var poor = ScanTrial(of: plan, for: 100), var rich = ScanTrial(of: plan, for: 100) else {
            Issue.record("a feed of many authors is worth a trial")
            return
        }
        poor.note(rows: 255, found: 0)
        #expect(!poor.hasFailed, "too early to say")
        poor.note(rows: 300, found: 3)
        #expect(poor.hasFailed)
        rich.note(rows: 300, found: 120)
        #expect(!rich.hasFailed)
    }

    @Test func `few authors, and what needs no scan, are no trial`() {
        #expect(ScanTrial(of: FilterPlan(.sample(authors: [.sample(0)], kinds: [1])), for: 10) == nil)
        #expect(ScanTrial(of: FilterPlan(.sample(kinds: [1])), for: 10) == nil)
    }
}
