import Glibc

/// Asks for stored events, one subscription at a time a connection, with filters drawn from the corpus.
public struct QueryWorkload: Sendable {
    let target: BenchTarget
    let shape: CorpusShape
    let connections: Int
    let queries: Int
    /// Nil for the mix of all.
    let filterClass: FilterClass?

    public init(target: BenchTarget, shape: CorpusShape, connections: Int, queries: Int, filterClass: FilterClass?) {
        self.target = target
        self.shape = shape
        self.connections = connections
        self.queries = queries
        self.filterClass = filterClass
    }

    public func run() throws(BenchFailure) -> Report {
        try Clients.check(self.target)
        let filters = try self.filters()
        let clients = try Clients(self.target)
        let connections = try clients.open(self.connections)
        usleep(Settling.beforeMicroseconds)
        let measurement = try Measurement(of: self.target)
        let asker = Asker(filters, over: connections, of: clients)
        asker.start()
        clients.startWaiting()
        while asker.answered < filters.count {
            let awaited = "answers to \(filters.count - asker.answered) of \(filters.count) queries"
            try clients.turn(awaiting: awaited) { (number, message) throws(BenchFailure) in
                asker.receive(message, on: number)
            }
        }
        return self.report(try measurement.end(), asker)
    }

    private func filters() throws(BenchFailure) -> [String] {
        var sampler = try FilterSampler(Corpus(self.shape))
        let classes = self.filterClass.map { [$0] } ?? FilterClass.mix
        return (0..<self.queries).map { sampler.filter(classes[$0 % classes.count]) }
    }

    private func report(_ result: Measurement.Result, _ asker: Asker) -> Report {
        var report = Report(workload: "query")
        report.set("class", self.filterClass?.rawValue ?? "mix")
        result.describe(in: &report, operations: asker.answered)
        report.set("latency_ms", asker.latencies)
        report.set("events", asker.events)
        report.set("events_each", asker.answered > 0 ? Double(asker.events) / Double(asker.answered) : nil)
        report.set("relay_cpu_us_per_event", asker.events > 0 ? result.cpu.map { $0 / Double(asker.events) } : nil)
        report.set("bytes", asker.bytes)
        report.set("connections", self.connections)
        report.set("rejected", asker.refused)
        report.set("first_rejection", asker.firstRefusal)
        asker.notices.describe(in: &report)
        return report
    }
}
