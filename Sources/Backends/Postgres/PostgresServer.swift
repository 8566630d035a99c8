/// Which run of which server a session is connected to.
///
/// Transactions are numbered by a server. One that takes over may give numbers again that were given by the one before
/// and were lost with it, so numbers of different runs are never compared: each run that is met gets a number of its
/// own, which stands above the server's in `Snapshot` and `CommitPosition`.
struct PostgresServer: Sendable, Hashable {
    /// Grows with each run that this process meets.
    let run: Int64
    /// The same for all runs that have all of each other's commits: no standby has taken over in between.
    let history: String
    private static let shift: Int64 = 48

    /// The text by which a run is known: the cluster, its timeline, which a failover changes, and what a crash takes
    /// away; behind a space the start of the server. A crash, like a failover, may have lost what was not on the disk,
    /// such as the transactions of announcements, and gives their numbers again.
    ///
    /// - Parameter connection: with the search path set.
    static func identity(of connection: PostgresConnection) throws(StorageError) -> String {
        guard try connection.value("SELECT pg_is_in_recovery()") == "f" else { return "standby" }
        let selectMark = "SELECT identity FROM server_run"
        var mark = try connection.value(selectMark)
        if mark == nil {
            try connection.execute(
                "BEGIN READ WRITE; INSERT INTO server_run DEFAULT VALUES ON CONFLICT DO NOTHING; COMMIT"
            )
            mark = try connection.value(selectMark)
        }
        guard let mark, let server = try connection.value(Self.selectServer) else {
            throw .failed("the server does not say which one it is")
        }
        let parts = server.split(separator: " ")
        return "\(parts.first ?? "")/\(mark) \(parts.last ?? "")"
    }

    private static let selectServer = """
        SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' '
            || extract(epoch FROM pg_postmaster_start_time())
        FROM pg_control_system()
        """

    /// The number that this process has for a transaction of this run.
    func transaction(_ xid: Int64) -> Int64 { self.run << Self.shift | xid }

    /// The server's number of a transaction, of whatever run.
    static func xid(_ transaction: Int64) -> Int64 { transaction & ((1 << Self.shift) - 1) }

    /// Whether a number is one of this run's transactions.
    func gave(_ transaction: Int64) -> Bool { transaction >> Self.shift == self.run }

    /// Whether this run was met after the one that gave a number.
    func came(after transaction: Int64) -> Bool { transaction >> Self.shift < self.run }

    /// Whether a snapshot was taken in this run.
    func took(_ snapshot: Snapshot) -> Bool { snapshot.ceiling >> Self.shift == self.run }

    /// A snapshot from the binary form of `pg_snapshot`: how many transactions are on their way, the oldest of them,
    /// the first that has not begun, and those on their way.
    func snapshot(of bytes: Span<UInt8>) -> Snapshot {
        var running: [Int64] = []
        for start in stride(from: 20, to: bytes.count - 7, by: 8) {
            running.append(self.transaction(Self.number(bytes, at: start)))
        }
        return Snapshot(
            floor: self.transaction(Self.number(bytes, at: 4)),
            ceiling: self.transaction(Self.number(bytes, at: 12)),
            running: running
        )
    }

    /// Eight bytes, the highest first.
    private static func number(_ bytes: Span<UInt8>, at start: Int) -> Int64 {
        guard start + 8 <= bytes.count else { return 0 }
        var number: UInt64 = 0
        for index in start..<start + 8 { number = number << 8 | UInt64(bytes[index]) }
        return Int64(bitPattern: number)
    }
}

extension Snapshot {
    /// The text form of `pg_snapshot`.
    var postgresText: String {
        let running = self.running.map { "\(PostgresServer.xid($0))" }.joined(separator: ",")
        return "\(PostgresServer.xid(self.floor)):\(PostgresServer.xid(self.ceiling)):\(running)"
    }
}
