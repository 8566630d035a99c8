/// Times that something took, in nanoseconds; one may be negative, where it is the difference of two moments.
struct Latencies {
    private var times: [Int64] = []

    var count: Int { self.times.count }

    mutating func add(_ nanoseconds: Int64) { self.times.append(nanoseconds) }

    /// Notes the time from one moment to another.
    mutating func add(from start: UInt64, to end: UInt64) { self.times.append(Int64(end) - Int64(start)) }

    /// What is reported of them.
    struct Percentiles: Equatable {
        /// In milliseconds.
        let p50, p95, p99, max: Double
    }

    /// Nil where there are none. A percentile is the smallest time that so many are not above.
    func percentiles() -> Percentiles? {
        guard !self.times.isEmpty else { return nil }
        let sorted = self.times.sorted()
        func time(_ percent: Int) -> Double {
            Double(sorted[Swift.max(0, (sorted.count * percent + 99) / 100 - 1)]) / 1e6
        }
        return Percentiles(p50: time(50), p95: time(95), p99: time(99), max: time(100))
    }
}
