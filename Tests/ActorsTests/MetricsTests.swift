import Nostr
import Testing

@testable import Actors

@Suite("Metrics")
struct MetricsTests {
    @Test("give strange kinds one label between them")
    func boundedLabels() {
        let counters = KindCounters()
        for kind in UInt16(0)...5_000 { counters.add(Kind(kind)) }
        let values = counters.values
        #expect(values.count <= KindCounters.common.count + 1)
        #expect(values.map(\.count).reduce(0, +) == 5_001)
        #expect(values.last?.label == "other")
    }

    @Test("count durations cumulatively")
    func histogram() {
        let histogram = Histogram()
        for nanoseconds in [500_000, 1_000_000, 7_000_000, 9_000_000_000] {
            histogram.record(nanoseconds: nanoseconds)
        }
        let (cumulative, sum) = histogram.values
        #expect(cumulative == [2, 2, 3, 3, 3, 3, 3, 3, 4])
        #expect(sum > 9 && sum < 9.1)
    }

    @Test("count every reason, also those that never came up")
    func reasons() {
        let counters = ReasonCounters<Metrics.RateLimitType>()
        counters.add(.events)
        #expect(counters.values.map(\.label) == ["connections", "messages", "events"])
        #expect(counters.values.map(\.count) == [0, 0, 1])
    }
}
