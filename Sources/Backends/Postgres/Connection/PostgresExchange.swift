import CPostgres

/// One request that is being sent, and the answer to it, until the server is ready for the next.
struct PostgresExchange {
    enum Outcome {
        /// What each statement gave that is asked for.
        case rows([PostgresRows])
        /// The server refused; the connection can be used.
        case refused(StorageError)
        /// The connection is not to be used any more.
        case lost(StorageError)
    }

    let handle: OpaquePointer
    let deadline: Deadline
    /// TLS decrypts up to 16 KiB at once, of which libpq may leave a part behind that the socket does not show; it is
    /// asked for this often.
    private static let encryptedPatience = Duration.milliseconds(10)

    /// Whether several statements were sent, up to a mark, and the answers of all are wanted; else the last one is.
    private let isPipeline: Bool
    private var answers: [PostgresRows] = []
    private var refusal: StorageError?
    /// Whether the refusal is one of the whole session.
    private var isOver = false

    init(handle: OpaquePointer, deadline: Deadline, isPipeline: Bool = false) {
        self.handle = handle
        self.deadline = deadline
        self.isPipeline = isPipeline
    }

    mutating func run() -> Outcome {
        if let loss = self.flush() ?? self.receive() { return .lost(loss) }
        if let refusal { return self.isOver ? .lost(refusal) : .refused(refusal) }
        guard !self.answers.isEmpty else { return .lost(.failed("the server gave no answer")) }
        return .rows(self.answers)
    }

    /// Sends what libpq holds, and reads meanwhile, since the server may stop reading until its own bytes are taken.
    private mutating func flush() -> StorageError? {
        while true {
            switch PQflush(self.handle) {
            case 0: return nil
            case 1: if let loss = self.wait(writing: true) { return loss }
            default: return self.loss()
            }
        }
    }

    private mutating func receive() -> StorageError? {
        // One statement's answer ends with nothing; in a pipeline the next follows, and a mark ends them all.
        var isBetween = true
        while true {
            while PQisBusy(self.handle) != 0 {
                if let loss = self.wait(writing: false) { return loss }
            }
            guard let result = PQgetResult(self.handle) else {
                guard self.isPipeline else { return nil }
                guard !isBetween else { return self.loss() }
                isBetween = true
                continue
            }
            isBetween = false
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                return nil
            }
            if let loss = self.take(result) { return loss }
        }
    }

    /// Waits for the socket, and reads what has come.
    private mutating func wait(writing: Bool) -> StorageError? {
        // Also while bytes keep coming.
        if self.deadline.hasPassed { return .unavailable("the server did not answer in time") }
        let isEncrypted = PQsslInUse(self.handle) != 0
        let limit = isEncrypted ? min(self.deadline, Deadline(after: Self.encryptedPatience)) : self.deadline
        switch SocketWait.wait(for: PQsocket(self.handle), writing: writing, until: limit) {
        case .writable: return nil
        case .readable:
            guard PQconsumeInput(self.handle) != 0 else { return self.loss() }
            guard isEncrypted, PQisBusy(self.handle) != 0 else { return nil }
        case .timedOut, .woken: if self.deadline.hasPassed { return .unavailable("the server did not answer in time") }
        case .failed(let reason): return .unavailable(reason)
        }
        return PQconsumeInput(self.handle) != 0 ? nil : self.loss()
    }

    /// Keeps what a result says; returns why the connection cannot be used after it.
    private mutating func take(_ result: OpaquePointer) -> StorageError? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            if !self.isPipeline { self.answers.removeAll() }
            self.answers.append(PostgresRows(result))
            return nil
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            return .failed("COPY is not spoken here")
        default:
            defer { PQclear(result) }
            // The first refusal is the reason of those that follow.
            if self.refusal == nil { self.refuse(result) }
            return nil
        }
    }

    private mutating func refuse(_ result: OpaquePointer) {
        let sqlstate = Self.field("C", of: result)
        let message = Self.field("M", of: result) ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
        let line = StorageError.oneLine(message)
        guard let sqlstate else {
            // Made by libpq itself, as when the connection is lost.
            self.isOver = PQstatus(self.handle) != CONNECTION_OK
            self.refusal = self.isOver ? .unavailable(line) : .failed(line)
            return
        }
        let isFatal = Self.field("V", of: result).map { $0 == "FATAL" || $0 == "PANIC" } ?? false
        self.isOver = isFatal || StorageError.isOfSession(sqlstate: sqlstate)
        self.refusal =
            isFatal
            ? .unavailable("\(line) (SQLSTATE \(sqlstate))") : .postgres(sqlstate: sqlstate, message: line)
    }

    /// Why the connection was lost: what the server said before it went, or else what libpq says.
    private mutating func loss() -> StorageError {
        let reason = PQerrorMessage(self.handle).map { StorageError.oneLine(String(cString: $0)) } ?? ""
        while self.refusal == nil, PQisBusy(self.handle) == 0, let result = PQgetResult(self.handle) {
            defer { PQclear(result) }
            if Self.field("C", of: result) != nil { self.refuse(result) }
        }
        return self.refusal ?? .unavailable(reason)
    }

    /// A field of an error, by the character that the protocol gives it.
    private static func field(_ code: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}
