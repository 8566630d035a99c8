/// Opens many connections that subscribe and then do nothing, and weighs them.
public struct IdleWorkload: Sendable {
    let target: BenchTarget
    let connections: Int
    let filter: String
    private static let settlingNanoseconds: UInt64 = 2_000_000_000

    public init(target: BenchTarget, connections: Int, filter: String) {
        self.target = target
        self.connections = connections
        self.filter = filter
    }

    public func run() throws(BenchFailure) -> Report {
        let clients = try Clients(self.target)
        let measurement = try Measurement(of: self.target)
        var subscribers = Subscribers(clients)
        let events = try subscribers.open(Array(repeating: self.filter, count: self.connections))
        // A relay may free what answering took only after a while; it may also ping.
        let quietFrom = Clock.now
        while Clock.now - quietFrom < Self.settlingNanoseconds {
            try clients.turn(milliseconds: 100, awaiting: nil) { (_, _) in }
        }
        let result = try measurement.end()
        var report = Report(workload: "idle")
        result.describe(in: &report, operations: self.connections)
        report.set("relay_memory_before_kb", result.usage.map { _ in result.start.memory })
        let growth = result.usage.map { Double($0.memory - result.start.memory) }
        report.set("relay_memory_kb_each", growth.map { $0 / Double(self.connections) })
        report.set("events", events)
        report.set("rejected", subscribers.refused)
        report.set("first_rejection", subscribers.firstRefusal)
        subscribers.notices.describe(in: &report)
        return report
    }
}
