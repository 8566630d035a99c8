import Glibc

/// All connections of a run, served by the thread that calls.
final class Clients {
    private(set) var connections: [Connection] = []
    private let dialer: Dialer
    private let poller: Poller
    /// What a read fills, one for all connections.
    private var input = [UInt8](repeating: 0, count: 1 << 18)
    private var unflushed: [Int] = []
    private var lastMessage = Clock.now
    private var early: [(number: Int, bytes: [UInt8])] = []

    typealias Receive = (_ number: Int, _ message: Span<UInt8>) throws(BenchFailure) -> Void

    init(_ target: BenchTarget) throws(BenchFailure) {
        OpenFiles.raiseLimit()
        self.dialer = try Dialer(target.address, timeoutSeconds: target.timeoutSeconds)
        self.poller = try Poller()
    }

    /// Fails where the relay cannot be reached, before a run spends time on its preparations.
    static func check(_ target: BenchTarget) throws(BenchFailure) {
        try Clients(target).open(1)
        _ = try ProcessUsage(of: target.processes)
    }

    /// Opens further connections; returns their numbers.
    @discardableResult
    func open(_ count: Int) throws(BenchFailure) -> Range<Int> {
        let first = self.connections.count
        for number in first..<first + count {
            let (socket, early) = try self.dialer.dial()
            let seed = UInt64.random(in: .min ... .max)
            self.connections.append(Connection(socket: socket, seed: seed))
            if !early.isEmpty { self.early.append((number, early)) }
            try self.poller.add(socket, number: number)
        }
        self.lastMessage = Clock.now
        return first..<first + count
    }

    /// Keeps a message for the end of the turn, or for `flush`.
    func send(_ message: [UInt8], on number: Int) {
        self.connections[number].write(message.span)
        if self.unflushed.last != number { self.unflushed.append(number) }
    }

    func send(_ message: String, on number: Int) { self.send(Array(message.utf8), on: number) }

    /// Waits for something to arrive, hands it over message by message, and sends what that led to.
    ///
    /// - Parameter awaited: what the relay owes, for the sentence that says that it has stalled.
    func turn(milliseconds: Int32 = 1_000, awaiting awaited: String?, _ receive: Receive) throws(BenchFailure) {
        for (number, bytes) in self.early { try self.take(bytes.span, of: number, receive) }
        self.early = []
        try self.flush()
        for ready in try self.poller.wait(milliseconds: milliseconds) {
            if ready.isReadable { try self.read(ready.number, receive) }
            if ready.isWritable { self.unflushed.append(ready.number) }
        }
        try self.flush()
        guard let awaited else { return }
        let limit = self.dialer.timeoutSeconds
        guard Clock.now - self.lastMessage < UInt64(limit) * 1_000_000_000 else {
            throw BenchFailure("the relay has sent nothing for \(limit) s, and owes \(awaited)")
        }
    }

    /// Counts the time in which the relay has to say something from now on.
    func startWaiting() { self.lastMessage = Clock.now }

    /// Sends what waits.
    func flush() throws(BenchFailure) {
        guard !self.unflushed.isEmpty else { return }
        for number in self.unflushed {
            let connection = self.connections[number]
            let wasBlocked = connection.isBlocked
            try connection.flush()
            if connection.isBlocked != wasBlocked {
                try self.poller.change(connection.socket, number: number, wantsWrite: connection.isBlocked)
            }
        }
        self.unflushed.removeAll(keepingCapacity: true)
    }

    private func read(_ number: Int, _ receive: Receive) throws(BenchFailure) {
        let socket = self.connections[number].socket
        // A few reads, so that no connection keeps the others from their turn.
        for _ in 0..<4 {
            let count = recv(socket, &self.input, self.input.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return }
            guard count >= 0 else { throw BenchFailure("the relay closed the connection: \(SystemError.last)") }
            guard count > 0 else { throw BenchFailure("the relay closed the connection without a word") }
            let arrived = self.input
            try self.take(arrived.span.extracting(0..<count), of: number, receive)
            if count < arrived.count { return }
        }
    }

    private func take(_ bytes: Span<UInt8>, of number: Int, _ receive: Receive) throws(BenchFailure) {
        let connection = self.connections[number]
        try connection.reader.receive(bytes) { (incoming, payload) throws(BenchFailure) in
            switch incoming {
            case .message:
                self.lastMessage = Clock.now
                try receive(number, payload)
            case .ping:
                connection.write(payload, as: .pong)
                self.unflushed.append(number)
            case .close(let code):
                let reason = payload.count > 2 ? ": " + payload.extracting(2...).text : ""
                throw BenchFailure(
                    "the relay closed the connection with \(code.map { "code \($0)" } ?? "no code")\(reason)"
                )
            }
        }
    }
}
