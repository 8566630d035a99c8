/// What one thread uses to reach the database: the connection that it has, and the connector that makes the next one.
final class PostgresSession {
    private let connector: PostgresConnector
    private var connection: PostgresConnection?

    private let patience: Duration

    /// - Parameter patience: how long to wait for a new connection where the last one is found lost.
    init(_ connector: PostgresConnector, patience: Duration = .milliseconds(500)) {
        self.connector = connector
        self.patience = patience
    }

    deinit { self.connector.close() }

    /// Ends the session for good.
    func close() {
        self.connector.close()
        self.connection = nil
    }

    /// Waits for the first connection, or the next one; ends early where waiting is of little use.
    func waitForConnection(upTo duration: Duration) throws(StorageError) {
        guard self.connection == nil else { return }
        self.connection = self.connector.take(waiting: duration, endingOnRefusal: true)
        guard self.connection != nil else { throw self.connector.lastError ?? Self.notYet }
    }

    /// Runs `body` on the connection, and undoes the transaction that it leaves open where it throws.
    ///
    /// Where there is no connection it throws at once, and waits only for the next one when it finds the last one lost.
    ///
    /// - Parameter retrying: whether `body` only reads, so that it may be run once more on a new connection where the
    ///   first was lost meanwhile.
    func perform<Result>(
        retrying: Bool = false,
        _ body: (PostgresConnection) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        let connection = try self.current()
        do throws(StorageError) {
            return try self.attempt(connection, body)
        } catch {
            guard retrying, self.connection == nil else { throw error }
            guard let next = self.connector.take(waiting: self.patience) else { throw error }
            self.connection = next
            return try self.attempt(next, body)
        }
    }

    /// The connection, if it is there; the server may have closed it since it was last used, when nothing is lost yet.
    private func current() throws(StorageError) -> PostgresConnection {
        var patience = Duration.zero
        if let connection {
            connection.checkConnection()
            if !connection.isBroken { return connection }
            self.connection = nil
            patience = self.patience
        }
        guard let next = self.connector.take(waiting: patience) else {
            throw Self.unavailable(self.connector.lastError)
        }
        self.connection = next
        return next
    }

    private func attempt<Result>(
        _ connection: PostgresConnection,
        _ body: (PostgresConnection) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        defer { self.dropBroken(connection) }
        do throws(StorageError) {
            return try body(connection)
        } catch {
            switch connection.transactionStatus {
            case .idle, .unknown: break
            case .inTransaction, .failed:
                // A connection whose transaction cannot be undone in time is closed, which undoes it as well.
                if (try? connection.execute("ROLLBACK", timeout: .seconds(5))) == nil { connection.close() }
            case .active: connection.close()
            }
            throw error
        }
    }

    private func dropBroken(_ connection: PostgresConnection) {
        guard connection.isBroken else { return }
        self.connection = nil
        self.connector.request()
    }

    private static func unavailable(_ error: StorageError?) -> StorageError {
        switch error {
        case .unavailable: error ?? Self.notYet
        case nil: Self.notYet
        case let error?: .unavailable(error.description)
        }
    }

    private static let notYet = StorageError.unavailable("there is no connection to the server yet")
}
