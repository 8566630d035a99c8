public import NIOCore
public import Wire

/// The connections of one event loop, on that loop: pings them, hands them a new policy, and ends them at shutdown.
public actor ConnectionDirectory {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private let loop: any EventLoop
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var policy: Policy
    private var timer: RepeatedTask?
    private var drained: CheckedContinuation<Void, Never>?
    private var isDraining = false

    public init(on loop: any EventLoop, policy: Policy) {
        self.loop = loop
        self.unownedExecutor = loop.executor.asUnownedSerialExecutor()
        self.policy = policy
    }

    /// Puts a policy in force, for the connections that are open and for those to come.
    public func apply(_ policy: Policy) {
        let pingChanged = policy.limits.connections.pingSeconds != self.policy.limits.connections.pingSeconds
        self.policy = policy
        for connection in self.connections.values { connection.assumeIsolated { $0.apply(policy) } }
        if pingChanged || self.timer == nil { self.startTimer() }
    }

    /// Ends the connections of some clients, which are told by their addresses.
    public func end(_ code: CloseCode, _ reason: String, of isMeant: @Sendable (_ client: String) -> Bool) {
        for connection in self.connections.values where isMeant(connection.client) {
            connection.assumeIsolated { $0.end(code, reason) }
        }
    }

    /// Ends all connections: what they sent is answered first, then they are closed with 1001.
    public func drain() async {
        self.beginDraining()
        guard !self.connections.isEmpty else { return }
        await withCheckedContinuation { self.drained = $0 }
    }

    private func beginDraining() {
        self.isDraining = true
        self.timer?.cancel()
        for connection in self.connections.values {
            let isSettled = connection.assumeIsolated { connection in
                connection.leaveUnread()
                return connection.isSettled
            }
            if isSettled { self.dismiss(connection) }
        }
    }

    /// Closes what is still open, without a word.
    public func abort() {
        for connection in self.connections.values { connection.channel.close(promise: nil) }
    }

    func add(_ connection: Connection) {
        self.connections[ObjectIdentifier(connection)] = connection
        if self.isDraining { self.dismiss(connection) }
    }

    func remove(_ connection: Connection) {
        self.connections[ObjectIdentifier(connection)] = nil
        guard self.connections.isEmpty, let drained = self.drained else { return }
        self.drained = nil
        drained.resume()
    }

    /// Called by a connection that has answered all it was sent.
    func settled(_ connection: Connection) {
        if self.isDraining { self.dismiss(connection) }
    }

    private func dismiss(_ connection: Connection) {
        connection.assumeIsolated { connection in
            connection.flush()
            connection.end(.goingAway, "the relay is shutting down")
        }
    }

    private func startTimer() {
        self.timer?.cancel()
        let seconds = self.policy.limits.connections.pingSeconds
        self.timer = self.loop.scheduleRepeatedTask(initialDelay: .seconds(seconds), delay: .seconds(seconds)) { _ in
            self.assumeIsolated { $0.tick(seconds: seconds) }
        }
    }

    private func tick(seconds: Int64) {
        for connection in self.connections.values { connection.assumeIsolated { $0.tick(seconds: seconds) } }
    }
}
