/// Connections that subscribe once and listen.
struct Subscribers {
    private let clients: Clients
    private(set) var notices = Notices()
    /// Subscriptions that the relay closed, and why it closed the first.
    private(set) var refused = 0
    private(set) var firstRefusal: String?

    init(_ clients: Clients) { self.clients = clients }

    /// Opens a connection for each filter and waits for all their EOSEs; returns how many history events came first.
    @discardableResult
    mutating func open(_ filters: [String]) throws(BenchFailure) -> Int {
        let numbers = try self.clients.open(filters.count)
        for (number, filter) in zip(numbers, filters) { self.clients.send("[\"REQ\",\"s\",\(filter)]", on: number) }
        try self.clients.flush()
        self.clients.startWaiting()
        var missing = filters.count
        var events = 0
        var notices = self.notices
        var refused = self.refused
        var firstRefusal = self.firstRefusal
        while missing > 0 {
            let awaited = "\(missing) of \(filters.count) answers to subscriptions"
            try self.clients.turn(awaiting: awaited) { (_, message) throws(BenchFailure) in
                switch RelayAnswer(message) {
                case .event: events += 1
                case .endOfStored: missing -= 1
                case .closed(_, let reason):
                    missing -= 1
                    refused += 1
                    firstRefusal = firstRefusal ?? message.extracting(reason).text
                case .notice(let text): notices.add(message.extracting(text))
                case .ok, .other, nil: break
                }
            }
        }
        self.notices = notices
        self.refused = refused
        self.firstRefusal = firstRefusal
        return events
    }
}
