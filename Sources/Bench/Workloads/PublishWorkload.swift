import Glibc

/// Publishes a corpus as fast as the relay answers; the same corpus again is nothing but duplicates.
public struct PublishWorkload: Sendable {
    let target: BenchTarget
    let shape: CorpusShape
    let connections: Int
    /// Unanswered events of a connection.
    let window: Int
    /// Whether one more connection subscribes to all of it.
    let hasSubscriber: Bool

    public init(target: BenchTarget, shape: CorpusShape, connections: Int, window: Int, hasSubscriber: Bool) {
        self.target = target
        self.shape = shape
        self.connections = connections
        self.window = window
        self.hasSubscriber = hasSubscriber
    }

    /// The kinds of a corpus that relays show to everyone.
    private static let publicKinds: Set<UInt16> = [0, 1, 3, 6, 7, 1_984, 30_023]

    public func run() async throws(BenchFailure) -> Report {
        try Clients.check(self.target)
        let events = try await Corpus(self.shape).outgoing()
        let clients = try Clients(self.target)
        let connections = try clients.open(self.connections)
        if self.hasSubscriber { try self.subscribe(clients) }
        let publisher = Publisher(events, over: connections, of: clients, window: self.window)
        return try self.publish(publisher, with: clients)
    }

    private func subscribe(_ clients: Clients) throws(BenchFailure) {
        let kinds = Self.publicKinds.sorted().map(String.init).joined(separator: ",")
        var subscribers = Subscribers(clients)
        try subscribers.open([#"{"kinds":[\#(kinds)],"limit":1}"#])
    }

    private func publish(_ publisher: Publisher, with clients: Clients) throws(BenchFailure) -> Report {
        var deliveries = Deliveries()
        var notices = Notices()
        var deliveredAt = [UInt64](repeating: 0, count: publisher.events.count)
        usleep(Settling.beforeMicroseconds)
        let measurement = try Measurement(of: self.target)
        publisher.start()
        var doneAt: UInt64?
        while !publisher.isDone || !deliveries.isComplete {
            let awaited = publisher.isDone ? nil : publisher.awaited
            try clients.turn(awaiting: awaited) { (number, message) throws(BenchFailure) in
                switch RelayAnswer(message) {
                case .ok(let id, let isAccepted, let reason):
                    let reason = message.extracting(reason)
                    let outcome = publisher.receive(id: id, isAccepted: isAccepted, reason: reason, on: number)
                    guard let outcome, outcome.isNew, self.hasSubscriber else { return }
                    let kind = publisher.events[outcome.place].trace.kind
                    if Self.publicKinds.contains(kind) { deliveries.expected += 1 }
                case .event(let start):
                    let id = EventGlance(message, at: start, needsTime: false).id
                    guard let place = id.flatMap(publisher.place) else { return }
                    deliveries.add(sentAt: publisher.sentAt[place])
                    deliveredAt[place] = deliveries.lastAt
                case .notice(let text): notices.add(message.extracting(text))
                case .endOfStored, .closed, .other, nil: break
                }
            }
            if publisher.isDone {
                doneAt = doneAt ?? Clock.now
                if deliveries.isGivenUp(since: doneAt ?? 0) { break }
            }
        }
        return try self.report(measurement.end(), publisher, deliveries, deliveredAt, notices)
    }

    private func report(
        _ result: Measurement.Result,
        _ publisher: Publisher,
        _ deliveries: Deliveries,
        _ deliveredAt: [UInt64],
        _ notices: Notices
    ) -> Report {
        var report = Report(workload: "publish")
        result.describe(in: &report, operations: publisher.answered)
        report.set("latency_ms", publisher.latencies)
        report.set("connections", self.connections)
        report.set("window", self.window)
        publisher.describe(in: &report)
        if self.hasSubscriber {
            deliveries.describe(in: &report)
            var behindAnswer = Latencies()
            for (place, moment) in deliveredAt.enumerated() where moment > 0 {
                behindAnswer.add(from: publisher.answeredAt[place], to: moment)
            }
            report.set("delivery_after_ok_ms", behindAnswer)
        }
        notices.describe(in: &report)
        return report
    }
}
