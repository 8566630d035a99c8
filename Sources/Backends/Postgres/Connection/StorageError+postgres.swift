extension StorageError {
    /// The failure that an answer of the server stands for.
    ///
    /// - Parameters:
    ///   - sqlstate: five characters (PostgreSQL documentation, appendix A); nil for a failure of libpq itself.
    ///   - message: one line.
    static func postgres(sqlstate: String?, message: String) -> StorageError {
        guard let sqlstate else { return .failed(message) }
        let text = "\(message) (SQLSTATE \(sqlstate))"
        switch sqlstate {
        case "53100": return .diskFull
        // Not granted in time: a lock, a turn among transactions, the time that a statement may take.
        case "55P03", "40001", "40P01", "57014", "53200": return .busy
        default: break
        }
        if Self.isOfSession(sqlstate: sqlstate) { return .unavailable(text) }
        switch sqlstate.prefix(2) {
        case "22", "23", "54": return .rejected(sqlstate: sqlstate, message: message)
        default: return .failed(text)
        }
    }

    /// Whether the failure is one of the session, so that another session is to be opened: the connection was lost, the
    /// server ends or begins, has too many sessions, or became one that cannot be written to.
    static func isOfSession(sqlstate: String) -> Bool {
        switch sqlstate {
        case "57P01", "57P02", "57P03", "57P04", "57P05", "53300", "25006", "25P03": true
        // A protocol violation is what the server calls parameters that do not fit the statement.
        default: sqlstate.hasPrefix("08") && sqlstate != "08P01"
        }
    }

    /// The failure to connect that libpq describes; `cannotOpen` where the server knows no such user, password or
    /// database and trying again is of little use.
    ///
    /// - Parameter message: verbose, so that it holds the SQLSTATE after the severity.
    static func postgresConnect(to url: PostgresURL, message: String) -> StorageError {
        let isRefused = Self.sqlstates(in: message).contains { $0.hasPrefix("28") || $0.hasPrefix("3D") }
        let text = Self.oneLine(message)
        return isRefused
            ? .cannotOpen(path: url.description, reason: text)
            : .unavailable("\(url.description) cannot be connected to: \(text)")
    }

    /// The codes that stand after a severity, as in `FATAL:  28P01: password authentication failed`.
    private static func sqlstates(in message: String) -> [Substring] {
        message.ranges(of: ":  ").compactMap { range in
            let code = message[range.upperBound...].prefix(5)
            let isCode =
                code.utf8.count == 5 && code.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
            return isCode && message[code.endIndex...].hasPrefix(": ") ? code : nil
        }
    }

    /// A message of libpq as one line of bounded length, without the places in the server's source.
    static func oneLine(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        return String(lines.joined(separator: "; ").prefix(600))
    }
}
