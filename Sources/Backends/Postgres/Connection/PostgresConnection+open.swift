import CPostgres
import Glibc
import Nostr

extension PostgresConnection {
    /// Why no connection was made.
    private enum ConnectFailure: Error {
        case refused(String)
        /// The wake-up came.
        case ended
    }

    /// Connects to the first of the URL's hosts that takes the session.
    ///
    /// Blocks, for as long as `timeout` and the looking up of names, which has limits of its own.
    ///
    /// - Parameters:
    ///   - writing: whether the server must be one that can be written to.
    ///   - timeout: the limit for all hosts together; each has that of the URL.
    /// - Throws: `cannotOpen` where the server knows no such user, password or database; `unavailable` else.
    static func open(
        _ url: PostgresURL,
        writing: Bool = true,
        timeout: Duration = .seconds(20),
        wakeUp: WakeUp? = nil
    ) throws(StorageError) -> sending PostgresConnection {
        OpenSSLAtExit.omitCleanUp()
        let deadline = Deadline(after: timeout)
        var reasons: [String] = []
        for attempt in url.attempts(writing: writing) {
            do throws(ConnectFailure) {
                let limit = min(deadline, Deadline(after: url.timeoutOfHost))
                return try PostgresConnection(connected: Self.connect(attempt, until: limit, wakeUp: wakeUp))
            } catch .refused(let reason) {
                reasons.append(reason)
            } catch {
                throw .unavailable("connecting was given up")
            }
            if deadline.hasPassed { break }
        }
        throw .postgresConnect(to: url, message: reasons.joined(separator: "\n"))
    }

    private static func connect(
        _ attempt: PostgresURL.Attempt,
        until deadline: Deadline,
        wakeUp: WakeUp?
    ) throws(ConnectFailure) -> OpaquePointer {
        guard let handle = Self.start(attempt) else { throw .refused("out of memory") }
        do throws(ConnectFailure) {
            guard PQstatus(handle) != CONNECTION_BAD else { throw .refused(Self.reason(handle)) }
            // The words of the server come with their SQLSTATE; notices go nowhere, not to standard error.
            PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
            PQsetNoticeProcessor(handle, { _, _ in }, nil)
            try Self.poll(handle, until: deadline, wakeUp: wakeUp)
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            guard PQsetnonblocking(handle, 1) == 0 else { throw .refused(Self.reason(handle)) }
            return handle
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private static func start(_ attempt: PostgresURL.Attempt) -> OpaquePointer? {
        let keywords = attempt.map { strdup($0.key) }
        let values = attempt.map { strdup($0.value) }
        defer { for text in keywords + values { free(text) } }
        let ended = [keywords, values].map { $0.map { UnsafePointer($0) } + [nil] }
        return PQconnectStartParams(ended[0], ended[1], 0)
    }

    private static func poll(
        _ handle: OpaquePointer,
        until deadline: Deadline,
        wakeUp: WakeUp?
    ) throws(ConnectFailure) {
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED else { throw .refused(Self.reason(handle)) }
            let writing = status == PGRES_POLLING_WRITING
            let outcome = SocketWait.wait(
                for: PQsocket(handle),
                reading: !writing,
                writing: writing,
                until: deadline,
                wakeUp: wakeUp
            )
            switch outcome {
            case .readable, .writable: status = PQconnectPoll(handle)
            case .timedOut: throw .refused("\(Self.place(handle)) did not answer in time")
            case .woken: throw .ended
            case .failed(let reason): throw .refused(reason)
            }
        }
    }

    private static func place(_ handle: OpaquePointer) -> String {
        let host = PQhost(handle).map { String(cString: $0) } ?? ""
        let port = PQport(handle).map { String(cString: $0) } ?? ""
        return "the server at \"\(host)\", port \(port),"
    }

    private static func reason(_ handle: OpaquePointer) -> String {
        PQerrorMessage(handle).map { String(cString: $0) } ?? "libpq gives no reason"
    }
}
