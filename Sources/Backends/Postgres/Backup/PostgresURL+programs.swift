import CPostgres

extension PostgresURL {
    /// What a program of PostgreSQL is given to connect to the server that a connection leads to.
    struct Access {
        /// Libpq's variables; a password stands in no list of processes.
        let environment: [String: String]
        /// What has no variable, as libpq's keywords and values.
        let arguments: String
    }

    /// - Throws: `failed` where something secret can be given by an argument only, which everybody may read.
    func access(through connection: PostgresConnection) throws(StorageError) -> Access {
        var attempt = self.attempt(through: connection)
        attempt["application_name"] = "martlet backup"
        var environment: [String: String] = [:]
        var arguments: [String] = []
        guard let known = PQconndefaults() else { throw .failed("libpq does not know its own options") }
        defer { PQconninfoFree(known) }
        var option = known
        while let keyword = option.pointee.keyword.map({ String(cString: $0) }) {
            defer { option += 1 }
            guard let value = attempt[keyword] else { continue }
            if let variable = option.pointee.envvar {
                environment[String(cString: variable)] = value
            } else if option.pointee.dispchar.map({ String(cString: $0) }) == "*" {
                throw .failed("pg_dump cannot be given \(keyword) without showing it; use --portable")
            } else {
                let quoted = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
                arguments.append("\(keyword)='\(quoted)'")
            }
        }
        return Access(environment: environment, arguments: arguments.sorted().joined(separator: " "))
    }

    /// The one of the hosts that the connection leads to.
    private func attempt(through connection: PostgresConnection) -> Attempt {
        let place = connection.place
        let attempts = self.attempts(writing: true)
        let found = attempts.first { attempt in
            (attempt["host"] ?? "") == place.host && (attempt["port"] ?? "5432") == place.port
        }
        return found ?? attempts[0]
    }
}

extension PostgresConnection {
    /// The host, as the URL calls it, and the port.
    var place: (host: String, port: String) {
        let host = PQhost(self.handle).map { String(cString: $0) } ?? ""
        return (host, PQport(self.handle).map { String(cString: $0) } ?? "")
    }
}
