import Glibc

/// What the thread of a connector does, and what it shares with the one who takes the connections.
final class PostgresConnectorWork: Sendable {
    struct State: ~Copyable, Sendable {
        /// Opened and set up, and not taken yet.
        var ready: PostgresHandover?
        var isWanted = true
        var isClosed = false
        var lastError: StorageError?
        /// Until when a connection that is lost counts as a failed attempt.
        fileprivate var trial: Deadline?
    }

    let monitor = Monitor(State())
    private let url: PostgresURL
    private let writing: Bool
    private let connectTimeout: Duration
    private let prepare: @Sendable (PostgresConnection) throws(StorageError) -> Void
    private let wakeUp: WakeUp

    init(
        _ url: PostgresURL,
        writing: Bool,
        connectTimeout: Duration,
        prepare: @escaping @Sendable (PostgresConnection) throws(StorageError) -> Void
    ) throws(StorageError) {
        self.url = url
        self.writing = writing
        self.connectTimeout = connectTimeout
        self.prepare = prepare
        self.wakeUp = try WakeUp()
    }

    /// Starts the thread, which holds this object for as long as it runs.
    func start() throws(StorageError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let held = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread,
            &attributes,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<PostgresConnectorWork>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            },
            held.toOpaque()
        )
        guard status == 0 else {
            held.release()
            throw .failed("no thread can be started: \(String(cString: strerror(status)))")
        }
    }

    func close() {
        let unused = self.monitor.withLock { state in
            state.isClosed = true
            return state.ready.take()
        }
        _ = consume unused
        self.wakeUp.signal()
    }

    private func run() {
        var backoff = Backoff()
        while let isRelapse = self.waitUntilWanted() {
            if let isRelapse { isRelapse ? backoff.fail() : backoff.reset() }
            guard self.pause(backoff.delay(chance: .random(in: 0...1))) else { return }
            do throws(StorageError) {
                let connection = try PostgresConnection.open(
                    self.url,
                    writing: self.writing,
                    timeout: self.connectTimeout,
                    wakeUp: self.wakeUp
                )
                try self.prepare(connection)
                self.offer(PostgresHandover(connection))
            } catch {
                backoff.fail()
                self.monitor.withLock { $0.lastError = error }
            }
        }
    }

    /// Waits until a connection is to be opened; nil when there is nothing more to do. What it returns says whether the
    /// connection before was lost soon after it was opened, nil where there was none since the last attempt.
    private func waitUntilWanted() -> Bool?? {
        self.monitor.wait(
            for: { $0.isClosed || ($0.isWanted && $0.ready == nil) },
            until: nil,
            then: { state -> Bool?? in
                guard !state.isClosed else { return nil }
                defer { state.trial = nil }
                return .some(state.trial.map { !$0.hasPassed })
            }
        )
    }

    /// Waits for as long as this; false where there is nothing more to do.
    private func pause(_ duration: Duration) -> Bool {
        guard duration > .zero else { return true }
        return self.monitor.wait(for: { $0.isClosed }, until: Deadline(after: duration), then: { !$0.isClosed })
    }

    private func offer(_ handover: consuming PostgresHandover) {
        var offered: PostgresHandover? = handover
        self.monitor.withLock { state in
            guard !state.isClosed else { return }
            state.ready = offered.take()
            state.lastError = nil
            state.trial = Deadline(after: .seconds(1))
        }
    }
}
