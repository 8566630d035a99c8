/// Counts live events against those that have to come.
struct Deliveries {
    /// How many have to come, as far as that is known.
    var expected = 0
    private(set) var arrived = 0
    private(set) var latencies = Latencies()
    private(set) var lastAt = Clock.now
    /// How long a delivery may be late before it counts as missing.
    private static let patienceNanoseconds: UInt64 = 5_000_000_000

    mutating func add(sentAt: UInt64) {
        self.lastAt = Clock.now
        self.arrived += 1
        self.latencies.add(from: sentAt, to: self.lastAt)
    }

    var isComplete: Bool { self.arrived >= self.expected }

    /// Whether what is missing will not come any more: nothing has for a while, since the last one and since `moment`.
    func isGivenUp(since moment: UInt64) -> Bool {
        let now = Clock.now
        return now - min(now, max(self.lastAt, moment)) > Self.patienceNanoseconds
    }

    /// Tells what arrived and how fast.
    func describe(in report: inout Report) {
        report.set("expected_deliveries", self.expected)
        report.set("deliveries", self.arrived)
        report.set("delivery_ms", self.latencies)
    }
}
