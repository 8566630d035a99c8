/// How long things took, in Prometheus' cumulative buckets.
public final class Histogram: Sendable {
    /// Upper bounds in seconds; one more bucket holds the rest.
    public static let bounds: [Double] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
    private let counters = Counters(count: Histogram.bounds.count + 1)
    private let nanoseconds = Counters(count: 1)

    public init() {}

    /// Counts one duration.
    public func record(nanoseconds: Int) {
        let seconds = Double(nanoseconds) / 1e9
        self.counters.add(1, at: Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count)
        self.nanoseconds.add(nanoseconds, at: 0)
    }

    /// Cumulative counts, one per bound and one for all, and the sum in seconds.
    public var values: (cumulative: [Int], sumSeconds: Double) {
        var total = 0
        let cumulative = self.counters.values.map { count in
            total += count
            return total
        }
        return (cumulative, Double(self.nanoseconds.values[0]) / 1e9)
    }
}
