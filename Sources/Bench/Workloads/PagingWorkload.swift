public import Nostr

/// Reads the whole history of one author, newest page first, over one connection.
public struct PagingWorkload: Sendable {
    let target: BenchTarget
    /// The notes that the corpus' paging author writes; also what `publishes` publishes.
    let shape: CorpusShape
    /// Nil for the corpus' paging author.
    let author: PublicKey?
    let limit: Int
    /// Whether the notes are published first.
    let publishes: Bool

    public init(target: BenchTarget, shape: CorpusShape, author: PublicKey?, limit: Int, publishes: Bool) {
        self.target = target
        self.shape = shape
        self.author = author
        self.limit = limit
        self.publishes = publishes
    }

    /// What one page took.
    private struct Page {
        let events: Int
        let milliseconds: Double
        /// CPU of the relay in microseconds.
        let cpu: Double
    }

    public func run() async throws(BenchFailure) -> Report {
        let corpus = Corpus.singleAuthor(self.shape)
        let author = self.author ?? corpus.firstAuthor
        try Clients.check(self.target)
        if self.publishes { try self.publish(try await corpus.outgoing()) }
        let clients = try Clients(self.target)
        try clients.open(1)
        let measurement = try Measurement(of: self.target)
        var walk = PagingWalk()
        var pages: [Page] = []
        var step = PagingWalk.Step.ask(until: .max)
        while case .ask(let until) = step {
            let filter = self.filter(author, until: until)
            let page = try self.page("p\(pages.count)", filter, of: clients, &walk)
            step = walk.endPage()
            // What says that there is nothing more is no page.
            if page.events > 0 { pages.append(page) }
        }
        guard !pages.isEmpty else {
            throw BenchFailure("the relay has no notes of \(author): publish them with --publish, or import them")
        }
        return self.report(try measurement.end(), pages, walk)
    }

    private func filter(_ author: PublicKey, until: Int64) -> String {
        let window = until == .max ? "" : #","until":\#(until)"#
        return #"{"authors":["\#(author)"],"kinds":[1]\#(window),"limit":\#(self.limit)}"#
    }

    private func publish(_ events: [OutgoingEvent]) throws(BenchFailure) {
        let clients = try Clients(self.target)
        let publisher = Publisher(events, over: try clients.open(8), of: clients, window: 64)
        publisher.start()
        while !publisher.isDone {
            try clients.turn(awaiting: publisher.awaited) { (number, message) throws(BenchFailure) in
                guard case .ok(let id, let isAccepted, let reason) = RelayAnswer(message) else { return }
                let text = message.extracting(reason)
                _ = publisher.receive(id: id, isAccepted: isAccepted, reason: text, on: number)
            }
        }
        if let reason = publisher.firstRejection { throw BenchFailure("the relay refuses a note: \(reason)") }
    }

    /// Asks for one page and reads it to its end.
    private func page(
        _ name: String,
        _ filter: String,
        of clients: Clients,
        _ walk: inout PagingWalk
    ) throws(BenchFailure) -> Page {
        let measurement = try Measurement(of: self.target)
        clients.send(#"["REQ","\#(name)",\#(filter)]"#, on: 0)
        clients.startWaiting()
        var isOpen = true
        var refusal: String?
        var current = walk
        while isOpen {
            try clients.turn(awaiting: "a page of history") { (_, message) throws(BenchFailure) in
                switch RelayAnswer(message) {
                case .event(let start):
                    let glance = EventGlance(message, at: start, needsTime: true)
                    guard let id = glance.id, let createdAt = glance.createdAt else { return }
                    current.receive(id: id, createdAt: createdAt)
                case .endOfStored: isOpen = false
                case .closed(_, let reason):
                    isOpen = false
                    refusal = message.extracting(reason).text
                case .ok, .notice, .other, nil: break
                }
            }
        }
        if let refusal { throw BenchFailure("the relay refuses a page: \(refusal)") }
        let result = try measurement.end()
        clients.send(#"["CLOSE","\#(name)"]"#, on: 0)
        walk = current
        return Page(events: walk.freshInPage, milliseconds: result.seconds * 1_000, cpu: result.cpu ?? 0)
    }

    private func report(_ result: Measurement.Result, _ pages: [Page], _ walk: PagingWalk) -> Report {
        var report = Report(workload: "paging")
        result.describe(in: &report, operations: pages.count)
        var latencies = Latencies()
        for page in pages { latencies.add(Int64(page.milliseconds * 1e6)) }
        report.set("latency_ms", latencies)
        report.set("events", walk.events)
        report.set("relay_cpu_us_per_event", walk.events > 0 ? result.cpu.map { $0 / Double(walk.events) } : nil)
        report.set("crowded_seconds", walk.crowdedSeconds)
        let tenth = max(1, pages.count / 10)
        let parts = [
            ("head", pages.prefix(tenth)), ("middle", pages.dropFirst(tenth).dropLast(tenth)),
            ("tail", pages.suffix(tenth)),
        ]
        for (name, part) in parts where !part.isEmpty {
            let count = Double(part.count)
            report.set("\(name)_ms_per_page", part.reduce(0) { $0 + $1.milliseconds } / count)
            let cpu = part.reduce(0) { $0 + $1.cpu } / count
            report.set("\(name)_relay_cpu_us_per_page", result.usage == nil ? nil : cpu)
        }
        return report
    }
}
