public import Backends
public import Logging
public import NIOCore
public import Nostr

/// Reads on its own thread, a page at a time, so that queries take turns.
public actor StorageReader {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private let session: any StoreReader
    private let clock: Clock
    private let logger: Logger
    private var outage = Outage()

    /// - Parameter session: opened on any thread, used only here from now on.
    public init(on thread: any EventLoop, session: sending any StoreReader, clock: Clock, logger: Logger) {
        self.unownedExecutor = thread.executor.asUnownedSerialExecutor()
        self.session = session
        self.clock = clock
        self.logger = logger
    }

    /// Runs a query, and tells the operator of its failure.
    private func ask<Answer>(_ query: () throws(StorageError) -> Answer) throws(StorageError) -> Answer {
        do {
            let answer = try query()
            _ = self.outage.end(at: self.clock.seconds)
            return answer
        } catch {
            if self.outage.note("\(error)", at: self.clock.seconds) {
                let failures = "\(self.outage.failures)"
                self.logger.error("a query failed", metadata: ["reason": "\(error)", "failures": "\(failures)"])
            }
            throw error
        }
    }

    /// The next page of a query's answer, and the query as it stands after it.
    public func nextPage(
        of query: StoredQuery,
        bounds: PageBounds = PageBounds()
    ) throws(StorageError) -> (EventPage, StoredQuery) {
        let started = self.clock.uptime()
        var (page, rest) = try self.ask { () throws(StorageError) in
            try self.session.nextPage(of: query, bounds: bounds)
        }
        rest.spentNanoseconds += self.clock.uptime() - started
        return (page, rest)
    }

    /// Works on a count for one slice of time.
    func advance(_ count: StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount {
        let started = self.clock.uptime()
        var rest = try self.ask { () throws(StorageError) in try self.session.advance(count, bounds: bounds) }
        rest.spentNanoseconds += self.clock.uptime() - started
        return rest
    }

    /// Why each of these events would not be stored now; nil for one that may be.
    public func standings(of events: [Event]) throws(StorageError) -> [Standing?] {
        try self.ask { () throws(StorageError) in try self.session.standings(of: events) }
    }

    /// Events that a cursor has not come to, in the order of their transactions.
    public func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents {
        try self.ask { () throws(StorageError) in try self.session.events(after: cursor, atMost: count) }
    }

    /// What all stored events are told apart by, in the order of their rows, from one row on.
    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        try self.ask { () throws(StorageError) in try self.session.marks(after: row, atMost: count) }
    }

    /// What is committed now.
    public func snapshot() throws(StorageError) -> Snapshot { try self.session.snapshot() }

    /// The revision of the record that was changed last.
    public func recordRevision() throws(StorageError) -> Int64 {
        try self.ask { () throws(StorageError) in try self.session.recordRevision() }
    }

    /// A record, or nil where there is none.
    public func record(_ key: String, in section: String) throws(StorageError) -> Record? {
        try self.ask { () throws(StorageError) in try self.session.record(key, in: section) }
    }

    /// The records of a section that were changed after a revision, in the order of their revisions.
    public func records(
        in section: String,
        after revision: Int64,
        atMost count: Int
    ) throws(StorageError) -> [Record] {
        try self.ask { () throws(StorageError) in
            try self.session.records(in: section, after: revision, atMost: count)
        }
    }

    /// How the database stands.
    public func statistics() throws(StorageError) -> StoreStatistics { try self.session.statistics() }
}
