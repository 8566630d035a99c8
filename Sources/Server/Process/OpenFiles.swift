import Actors
import Glibc

/// How many files, and so connections, the process may have open.
struct OpenFiles {
    /// What the system allows.
    let limit: Int
    /// What the relay needs beside its connections.
    let reserved: Int
    /// Ports of the relay, which share the rest.
    let ports: Int
    /// Connections of the metrics' own port.
    static let metricsConnections = 32

    /// Connections of one port of the relay that there is room for.
    ///
    /// Accepting without a free descriptor would fail at once and be tried again at once: more connections have to wait
    /// in the system's queue until others are closed.
    var connectionsPerPort: Int { (self.limit - self.reserved) / self.ports }

    /// - Parameter threads: event loops of the process.
    init(limit: Int, threads: Int, readers: Int, ports: Int, hasMetricsPort: Bool) {
        self.limit = limit
        // Each loop has three descriptors, each session a database, its journal and its index; then files for a moment.
        self.reserved = threads * 3 + (readers + threads + 1) * 3 + 32 + (hasMetricsPort ? Self.metricsConnections : 0)
        self.ports = max(ports, 1)
    }

    init(_ configuration: Configuration, limit: Int) {
        let readers = configuration.storage.readers
        self.init(
            limit: limit,
            threads: Executors.threads(readers: readers),
            readers: readers,
            ports: configuration.listen.count,
            hasMetricsPort: configuration.metrics.listen != nil
        )
    }

    /// Raises the limit as far as the system allows; returns it.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// Fails where a start would end in a crash.
    func check() throws(TooFewFiles) {
        let needed = self.reserved + self.ports * 8
        guard self.limit >= needed else { throw TooFewFiles(limit: self.limit, needed: needed) }
    }
}

/// The process may open fewer files than it needs.
struct TooFewFiles: Error, CustomStringConvertible {
    let limit: Int
    let needed: Int

    var description: String {
        "the process may open \(self.limit) files and needs at least \(self.needed), and one more for each connection; "
            + "raise the limit (ulimit -n, or LimitNOFILE of systemd)"
    }
}
