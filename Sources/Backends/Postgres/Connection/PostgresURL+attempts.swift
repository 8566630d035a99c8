extension PostgresURL {
    /// What is passed to libpq to connect to one of the hosts.
    typealias Attempt = [String: String]

    /// What holds where the URL says nothing. Keep-alives and the limit on unacknowledged bytes make a network that was
    /// cut an error within seconds; an encrypted connection by GSSAPI could wait for servers that libpq sets no limit
    /// to.
    private static let defaults = [
        "application_name": "martlet", "client_encoding": "UTF8", "connect_timeout": "5", "gssencmode": "disable",
        "keepalives": "1", "keepalives_count": "3", "keepalives_idle": "5", "keepalives_interval": "2",
        "tcp_user_timeout": "10000",
    ]

    /// How long to wait for each host.
    var timeoutOfHost: Duration {
        let seconds = self.options["connect_timeout"].flatMap { Int($0) } ?? 0
        return .seconds(seconds > 0 ? min(seconds, 3_600) : 5)
    }

    /// One attempt for each host, in the order in which they are to be made; libpq ends no attempt by itself and goes
    /// on to the next host only when one refuses.
    ///
    /// - Parameter writing: whether the session writes, and so takes only a server that can be written to.
    func attempts(writing: Bool) -> [Attempt] {
        let options = Self.defaults.merging(self.options) { $1 }
        let hosts = Self.list(options["host"])
        let addresses = Self.list(options["hostaddr"])
        let ports = Self.list(options["port"])
        let count = max(hosts.count, addresses.count)
        let wanted = writing || (options["target_session_attrs"] == nil && count > 1) ? "read-write" : nil
        let separate: [Attempt] = (0..<max(count, 1)).map { index in
            var attempt = options
            if index < hosts.count { attempt["host"] = hosts[index] }
            if index < addresses.count { attempt["hostaddr"] = addresses[index] }
            if ports.count > 1 { attempt["port"] = ports[index] }
            if let wanted { attempt["target_session_attrs"] = wanted }
            return attempt
        }
        guard separate[0]["target_session_attrs"] == "prefer-standby" else { return separate }
        return ["standby", "any"].flatMap { kind in
            separate.map { $0.merging(["target_session_attrs": kind]) { $1 } }
        }
    }
}
