/// Opens connections on a thread of its own, one whenever one is wanted, so that nobody else waits for a server.
///
/// The thread ends with `close()` or with this object, and does not keep the process alive.
final class PostgresConnector: Sendable {
    private let work: PostgresConnectorWork

    /// Begins to open the first connection.
    ///
    /// - Parameter prepare: sets a new session up, on the thread of the connector; where it throws, the session is
    ///   closed and another one is opened later.
    init(
        _ url: PostgresURL,
        writing: Bool = true,
        connectTimeout: Duration = .seconds(20),
        prepare: @escaping @Sendable (PostgresConnection) throws(StorageError) -> Void
    ) throws(StorageError) {
        self.work = try PostgresConnectorWork(
            url,
            writing: writing,
            connectTimeout: connectTimeout,
            prepare: prepare
        )
        try self.work.start()
    }

    deinit { self.work.close() }

    /// Ends the attempts, and what was opened and not taken.
    func close() { self.work.close() }

    /// Has a connection opened, unless one is ready or being opened; `take` does so as well.
    func request() { self.work.monitor.withLock { $0.isWanted = true } }

    /// The connection that is ready; where there is none it is being opened from now on.
    func take() -> sending PostgresConnection? { self.take(waiting: .zero) }

    /// The connection that is ready, or becomes ready within this time.
    func take(waiting duration: Duration) -> sending PostgresConnection? {
        self.take(waiting: duration, endingOnRefusal: false)
    }

    /// - Parameter endingOnRefusal: whether to stop waiting when an attempt failed in a way that does not pass by
    ///   itself.
    func take(waiting duration: Duration, endingOnRefusal: Bool) -> sending PostgresConnection? {
        self.request()
        let handover = self.work.monitor.wait(
            for: { state in
                state.ready != nil || state.isClosed || (endingOnRefusal && state.lastError?.isLasting == true)
            },
            until: Deadline(after: duration),
            then: { state in
                let ready = state.ready.take()
                if ready != nil { state.isWanted = false }
                return ready
            }
        )
        guard let handover else { return nil }
        return handover.take()
    }

    /// Why the last attempt failed; nil where it did not.
    var lastError: StorageError? { self.work.monitor.withLock { $0.lastError } }
}

extension StorageError {
    /// Whether waiting is of little use.
    fileprivate var isLasting: Bool {
        switch self {
        case .unavailable, .busy, .diskFull: false
        default: true
        }
    }
}
