/// Sends queries over some connections, the next one on each when the last one is answered, and keeps the books.
final class Asker {
    private let filters: [String]
    private let clients: Clients
    private let connections: Range<Int>
    private var next = 0
    /// The subscription of each connection, and when it was asked for.
    private var open: [(name: String, since: UInt64)]
    private(set) var answered = 0
    private(set) var events = 0
    /// Bytes of the messages that carry events.
    private(set) var bytes = 0
    private(set) var latencies = Latencies()
    private(set) var refused = 0
    private(set) var firstRefusal: String?
    private(set) var notices = Notices()

    init(_ filters: [String], over connections: Range<Int>, of clients: Clients) {
        self.filters = filters
        self.connections = connections
        self.clients = clients
        self.open = Array(repeating: ("", 0), count: connections.count)
    }

    func start() {
        for number in self.connections { self.ask(on: number) }
    }

    private func ask(on number: Int) {
        guard self.next < self.filters.count else { return }
        let name = "q\(self.next)"
        self.open[number - self.connections.lowerBound] = (name, Clock.now)
        self.clients.send("[\"REQ\",\"\(name)\",\(self.filters[self.next])]", on: number)
        self.next += 1
    }

    /// Counts what arrived; asks on where a query is answered.
    func receive(_ message: Span<UInt8>, on number: Int) {
        switch RelayAnswer(message) {
        case .event:
            self.events += 1
            self.bytes += message.count
        case .endOfStored(let subscription):
            guard self.end(message.extracting(subscription).text, on: number) else { return }
            self.clients.send("[\"CLOSE\",\"\(message.extracting(subscription).text)\"]", on: number)
            self.ask(on: number)
        case .closed(let subscription, let reason):
            guard self.end(message.extracting(subscription).text, on: number) else { return }
            self.refused += 1
            self.firstRefusal = self.firstRefusal ?? message.extracting(reason).text
            self.ask(on: number)
        case .notice(let text): self.notices.add(message.extracting(text))
        case .ok, .other, nil: break
        }
    }

    /// Counts an answer; false where it is not the one that is waited for.
    private func end(_ name: String, on number: Int) -> Bool {
        let slot = number - self.connections.lowerBound
        guard self.open[slot].name == name else { return false }
        self.latencies.add(from: self.open[slot].since, to: Clock.now)
        self.open[slot] = ("", 0)
        self.answered += 1
        return true
    }
}
