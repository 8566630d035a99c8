import CPostgres

/// One session on a PostgreSQL server, used by one thread at a time. Every wait ends; a connection that was lost, or
/// whose answer did not come in time, is closed and says so with `isBroken`.
final class PostgresConnection {
    /// Where the session stands between two statements.
    enum TransactionStatus { case idle, active, inTransaction, failed, unknown }

    /// Nil when it is closed.
    private(set) var handle: OpaquePointer?
    /// What was prepared by its text.
    private var kept: [String: PostgresStatement] = [:]
    /// The numbers of the statements that the server knows.
    private var prepared: Set<Int> = []

    /// How long a statement may take where the caller says nothing.
    var usualTimeout = Duration.seconds(6)

    /// Parameters longer than this are not sent: the protocol has no room for a gigabyte.
    private static let maximumParameters = (count: 65_535, bytes: 1_000_000_000)

    /// - Parameter handle: connected, non-blocking; finished with this object.
    init(connected handle: OpaquePointer) { self.handle = handle }

    deinit { PQfinish(self.handle) }

    /// Ends the session; what is called from now on throws `unavailable`.
    func close() {
        PQfinish(self.handle)
        self.handle = nil
        self.prepared = []
    }

    /// Whether the connection is closed, by whomever, and another one is needed.
    var isBroken: Bool { self.handle == nil }

    var transactionStatus: TransactionStatus {
        guard let handle else { return .unknown }
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: return .idle
        case PQTRANS_ACTIVE: return .active
        case PQTRANS_INTRANS: return .inTransaction
        case PQTRANS_INERROR: return .failed
        default: return .unknown
        }
    }

    /// The server's process that serves this session.
    var backend: Int32 { PQbackendPID(self.handle) }

    /// The server's version, such as 150004.
    var serverVersion: Int { Int(PQserverVersion(self.handle)) }

    /// Looks without waiting whether the server has closed the connection in the meantime, and closes it then.
    func checkConnection() {
        // What the server said before it went is read first; a notification may be waiting as well.
        for _ in 0..<16 {
            guard let handle else { return }
            switch SocketWait.wait(for: PQsocket(handle), until: Deadline(after: .zero)) {
            case .readable: if PQconsumeInput(handle) == 0 { self.close() }
            case .failed: self.close()
            default: return
            }
        }
    }

    /// Runs statements, one or several in one text; of several, all or none are done where the text begins no
    /// transaction.
    func execute(_ sql: String, timeout: Duration? = nil) throws(StorageError) {
        _ = try self.send(until: Deadline(after: timeout ?? self.usualTimeout)) { PQsendQuery($0, sql) }
    }

    /// The first column of the first row, as text; nil where there is none or it is NULL.
    func value(_ sql: String, timeout: Duration? = nil) throws(StorageError) -> String? {
        let rows = try self.send(until: Deadline(after: timeout ?? self.usualTimeout)) { PQsendQuery($0, sql) }
        return rows.count > 0 && rows.columns > 0 ? rows.optionalText(0, 0) : nil
    }

    /// Prepares a statement; the same text is the same statement.
    func prepare(_ sql: String) throws(StorageError) -> PostgresStatement {
        if let statement = self.kept[sql] { return statement }
        let statement = PostgresStatement(sql)
        try self.prepare(statement, until: Deadline(after: self.usualTimeout))
        self.kept[sql] = statement
        return statement
    }

    /// Runs a statement, which is prepared first where this connection has not seen it yet.
    ///
    /// - Throws: `unavailable` where no answer came in time; whether the statement was done is then unknown.
    func query(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters(),
        timeout: Duration? = nil
    ) throws(StorageError) -> PostgresRows {
        try Self.check(parameters)
        let deadline = Deadline(after: timeout ?? self.usualTimeout)
        try self.prepare(statement, until: deadline)
        return try self.send(until: deadline) { handle in
            parameters.withPointers { values, lengths, formats in
                PQsendQueryPrepared(handle, statement.name, Int32(parameters.count), values, lengths, formats, 1)
            }
        }
    }

    /// Runs two statements in one round trip, the second with parameters: it sees what the first one saw, or later.
    func query(
        _ first: PostgresStatement,
        then second: PostgresStatement,
        _ parameters: PostgresParameters
    ) throws(StorageError) -> (PostgresRows, PostgresRows) {
        try Self.check(parameters)
        let deadline = Deadline(after: self.usualTimeout)
        try self.prepare(first, until: deadline)
        try self.prepare(second, until: deadline)
        let answers = try self.answers(until: deadline, inPipeline: true) { handle in
            guard PQenterPipelineMode(handle) != 0,
                PQsendQueryPrepared(handle, first.name, 0, nil, nil, nil, 1) != 0
            else { return 0 }
            let isSent = parameters.withPointers { values, lengths, formats in
                PQsendQueryPrepared(handle, second.name, Int32(parameters.count), values, lengths, formats, 1)
            }
            return isSent == 0 ? 0 : PQpipelineSync(handle)
        }
        guard answers.count == 2 else { throw self.lose("the server gave \(answers.count) answers to two statements") }
        return (answers[0], answers[1])
    }

    private static func check(_ parameters: PostgresParameters) throws(StorageError) {
        let maximum = Self.maximumParameters
        guard parameters.count <= maximum.count, parameters.byteCount <= maximum.bytes else {
            throw .rejected(sqlstate: "54000", message: "\(parameters.byteCount) bytes are too much for one statement")
        }
    }

    private func prepare(_ statement: PostgresStatement, until deadline: Deadline) throws(StorageError) {
        guard !self.prepared.contains(statement.number) else { return }
        _ = try self.send(until: deadline) { PQsendPrepare($0, statement.name, statement.sql, 0, nil) }
        self.prepared.insert(statement.number)
    }

    /// Notifications that have arrived; waits for one where none has, until one comes, the time is over, or the
    /// wake-up.
    ///
    /// The session must have run LISTEN.
    func notifications(
        waiting duration: Duration = .zero,
        wakeUp: WakeUp? = nil
    ) throws(StorageError) -> [PostgresNotification] {
        let deadline = Deadline(after: duration)
        while true {
            guard let handle else { throw Self.closed }
            let arrived = Self.takeNotifications(of: handle)
            if !arrived.isEmpty { return arrived }
            switch SocketWait.wait(for: PQsocket(handle), until: deadline, wakeUp: wakeUp) {
            case .timedOut, .woken: return []
            case .failed(let reason): throw self.lose(reason)
            case .readable, .writable:
                guard PQconsumeInput(handle) != 0 else { throw self.lose(Self.message(of: handle)) }
            }
        }
    }

    private static func takeNotifications(of handle: OpaquePointer) -> [PostgresNotification] {
        var arrived: [PostgresNotification] = []
        while let notification = PQnotifies(handle) {
            defer { PQfreemem(notification) }
            arrived.append(
                PostgresNotification(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra),
                    backend: notification.pointee.be_pid
                )
            )
        }
        return arrived
    }

    /// Hands a request to libpq, and waits for the whole answer; the last result is returned.
    private func send(
        until deadline: Deadline,
        _ request: (OpaquePointer) -> Int32
    ) throws(StorageError) -> PostgresRows {
        let answers = try self.answers(until: deadline, request)
        guard let last = answers.last else { throw self.lose("the server gave no answer") }
        return last
    }

    /// - Parameter isPipeline: whether the request sends several statements, all of whose answers are wanted.
    private func answers(
        until deadline: Deadline,
        inPipeline isPipeline: Bool = false,
        _ request: (OpaquePointer) -> Int32
    ) throws(StorageError) -> [PostgresRows] {
        guard let handle else { throw Self.closed }
        guard request(handle) != 0 else {
            let reason = Self.message(of: handle)
            // What was sent of a pipeline would be answered at the next statement.
            throw PQstatus(handle) == CONNECTION_OK && !isPipeline ? .failed(reason) : self.lose(reason)
        }
        var exchange = PostgresExchange(handle: handle, deadline: deadline, isPipeline: isPipeline)
        let outcome = exchange.run()
        if isPipeline, PQexitPipelineMode(handle) == 0 { self.close() }
        switch outcome {
        case .rows(let answers): return answers
        case .refused(let error): throw error
        case .lost(let error):
            self.close()
            throw error
        }
    }

    /// Closes the connection; returns why it is not to be used any more.
    func lose(_ reason: String) -> StorageError {
        self.close()
        return .unavailable(reason)
    }

    static var closed: StorageError { .unavailable("the connection is closed") }

    static func message(of handle: OpaquePointer) -> String {
        StorageError.oneLine(PQerrorMessage(handle).map { String(cString: $0) } ?? "libpq gives no reason")
    }
}
