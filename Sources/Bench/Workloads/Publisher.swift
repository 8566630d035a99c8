/// Publishes events over some connections, so many unanswered ones at a time, and keeps the books.
final class Publisher {
    let events: [OutgoingEvent]
    private let clients: Clients
    private let connections: Range<Int>
    private let window: Int
    /// How many events may be sent by now, where a rate is kept.
    var allowance = Int.max
    private var next = 0
    private(set) var answered = 0
    private(set) var accepted = 0
    /// Accepted, and stored before or not worth storing.
    private(set) var duplicates = 0
    private(set) var firstRejection: String?
    private(set) var latencies = Latencies()
    /// When each event was sent and answered.
    private(set) var sentAt: [UInt64]
    private(set) var answeredAt: [UInt64]
    private var unanswered: [Int]
    private var shares: [Int]
    private var slowest: [Int64]
    private var places: [UInt64: Int]

    init(_ events: [OutgoingEvent], over connections: Range<Int>, of clients: Clients, window: Int) {
        self.events = events
        self.clients = clients
        self.connections = connections
        self.window = window
        self.sentAt = Array(repeating: 0, count: events.count)
        self.answeredAt = self.sentAt
        self.unanswered = Array(repeating: 0, count: connections.count)
        self.shares = self.unanswered
        self.slowest = Array(repeating: 0, count: connections.count)
        self.places = Dictionary(minimumCapacity: events.count)
        for (place, event) in events.enumerated() { self.places[event.id] = place }
    }

    var isDone: Bool { self.answered == self.events.count }

    /// Whether the relay owes an answer.
    var hasUnanswered: Bool { self.answered < self.next }

    /// What the relay owes.
    var awaited: String { "answers to \(self.events.count - self.answered) of \(self.events.count) events" }

    /// Sends what the windows allow, in turn over the connections.
    func start() {
        for number in self.connections { self.fill(number) }
    }

    /// Sends what one connection's window allows.
    func fill(_ number: Int) {
        guard self.connections.contains(number) else { return }
        let slot = number - self.connections.lowerBound
        while self.unanswered[slot] < self.window, self.next < min(self.events.count, self.allowance) {
            if !self.hasUnanswered { self.clients.startWaiting() }
            self.sentAt[self.next] = Clock.now
            self.clients.send(self.events[self.next].message, on: number)
            self.unanswered[slot] += 1
            self.next += 1
        }
    }

    /// An event that was answered, and whether it is news to subscribers.
    struct Outcome {
        let place: Int
        let isNew: Bool
    }

    /// Counts an OK and sends what follows; nil where nobody asked for it.
    func receive(id: UInt64, isAccepted: Bool, reason: Span<UInt8>, on number: Int) -> Outcome? {
        guard let place = self.places[id], self.answeredAt[place] == 0, self.sentAt[place] != 0,
            self.connections.contains(number)
        else { return nil }
        let now = Clock.now
        let slot = number - self.connections.lowerBound
        self.answeredAt[place] = now
        self.answered += 1
        self.unanswered[slot] -= 1
        self.shares[slot] += 1
        self.slowest[slot] = max(self.slowest[slot], Int64(now - self.sentAt[place]))
        self.latencies.add(from: self.sentAt[place], to: now)
        var isNew = isAccepted
        if isAccepted {
            self.accepted += 1
            if reason.hasPrefix("duplicate:") {
                self.duplicates += 1
                isNew = false
            }
        } else if self.firstRejection == nil {
            self.firstRejection = reason.text
        }
        self.fill(number)
        return Outcome(place: place, isNew: isNew)
    }

    /// The place of an event by the first eight bytes of its id.
    func place(of id: UInt64) -> Int? { self.places[id] }

    /// Tells what became of the events.
    func describe(in report: inout Report) {
        report.set("accepted", self.accepted)
        report.set("duplicates", self.duplicates)
        report.set("rejected", self.answered - self.accepted)
        report.set("first_rejection", self.firstRejection)
        report.set("fewest_events_of_a_connection", self.shares.min())
        report.set("most_events_of_a_connection", self.shares.max())
        report.set("worst_ms_of_the_best_connection", self.slowest.min().map { Double($0) / 1e6 })
        report.set("worst_ms_of_the_worst_connection", self.slowest.max().map { Double($0) / 1e6 })
    }
}
