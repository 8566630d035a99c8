import Glibc

/// Publishes new events over one connection to many that subscribe, and waits until each has what it asked for.
public struct FanoutWorkload: Sendable {
    let target: BenchTarget
    let shape: CorpusShape
    let subscribers: Int
    let interest: Interest
    /// Events a second; zero for as many as the relay takes.
    let rate: Int
    private static let window = 64

    /// What each subscriber asks for.
    public enum Interest: Sendable {
        /// The notes of so many authors, of each subscriber's own choice.
        case authors(Int)
        /// Everything of a kind, the same for all.
        case kind(UInt16)
    }

    public init(target: BenchTarget, shape: CorpusShape, subscribers: Int, interest: Interest, rate: Int) {
        self.target = target
        self.shape = shape
        self.subscribers = subscribers
        self.interest = interest
        self.rate = rate
    }

    public func run() async throws(BenchFailure) -> Report {
        try Clients.check(self.target)
        let corpus = Corpus(self.shape)
        let audience = try Audience(self.interest, count: self.subscribers, of: corpus)
        let events = try await corpus.outgoing()
        let clients = try Clients(self.target)
        let publishing = try clients.open(1)
        var subscribers = Subscribers(clients)
        try subscribers.open(audience.filters)
        if let reason = subscribers.firstRefusal {
            throw BenchFailure(
                "the relay refuses \(subscribers.refused) of \(self.subscribers) subscriptions: \(reason)"
            )
        }
        // What is new cannot be sent before its rate allows it, however many answers are missing.
        let window = self.rate > 0 ? Int.max : Self.window
        let publisher = Publisher(events, over: publishing, of: clients, window: window)
        return try self.publish(publisher, to: audience, with: clients)
    }

    private func publish(
        _ publisher: Publisher,
        to audience: Audience,
        with clients: Clients
    ) throws(BenchFailure) -> Report {
        var deliveries = Deliveries()
        var notices = Notices()
        usleep(Settling.beforeMicroseconds)
        let measurement = try Measurement(of: self.target)
        let startedAt = Clock.now
        if self.rate > 0 { publisher.allowance = 0 }
        publisher.start()
        var doneAt: UInt64?
        while !publisher.isDone || !deliveries.isComplete {
            if self.rate > 0 {
                publisher.allowance = Int(Clock.seconds(since: startedAt) * Double(self.rate))
                publisher.start()
            }
            let awaited = publisher.hasUnanswered ? publisher.awaited : nil
            let pause: Int32 = self.rate > 0 && !publisher.isDone ? 1 : 1_000
            try clients.turn(milliseconds: pause, awaiting: awaited) { (number, message) throws(BenchFailure) in
                switch RelayAnswer(message) {
                case .event(let start):
                    let id = EventGlance(message, at: start, needsTime: false).id
                    guard let place = id.flatMap(publisher.place) else { return }
                    deliveries.add(sentAt: publisher.sentAt[place])
                case .ok(let id, let isAccepted, let reason):
                    let reason = message.extracting(reason)
                    let outcome = publisher.receive(id: id, isAccepted: isAccepted, reason: reason, on: number)
                    guard let outcome, outcome.isNew else { return }
                    deliveries.expected += audience.size(for: publisher.events[outcome.place].trace)
                case .notice(let text): notices.add(message.extracting(text))
                case .endOfStored, .closed, .other, nil: break
                }
            }
            if publisher.isDone {
                doneAt = doneAt ?? Clock.now
                if deliveries.isGivenUp(since: doneAt ?? 0) { break }
            }
        }
        return self.report(try measurement.end(), publisher, deliveries, notices)
    }

    private func report(
        _ result: Measurement.Result,
        _ publisher: Publisher,
        _ deliveries: Deliveries,
        _ notices: Notices
    ) -> Report {
        var report = Report(workload: "fanout")
        result.describe(in: &report, operations: deliveries.arrived)
        report.set("latency_ms", deliveries.latencies)
        report.set("subscribers", self.subscribers)
        report.set("rate", self.rate)
        report.set("expected_deliveries", deliveries.expected)
        report.set("events", publisher.answered)
        report.set("events_per_second", Double(publisher.answered) / max(result.seconds, 1e-9))
        report.set("ok_ms", publisher.latencies)
        publisher.describe(in: &report)
        notices.describe(in: &report)
        return report
    }
}
