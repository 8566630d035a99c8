import Actors
import Backends
import Logging
import Nostr
import ServiceLifecycle

/// Keeps what admins have decided, in the database and in force: whoever changes it, on whichever node, every node
/// notices within a fraction of a second.
actor Management: Service {
    let readers: ReaderPool
    let writer: StorageWriter
    let enforcement: Enforcement
    let clock: Clock
    let logger: Logger
    private let reports: ReportInbox
    private let purge: Purge
    private(set) var state = ManagementState()
    /// The revision of the last change that was looked at; nil before the first look.
    private var revision: Int64?
    /// By section, the revision of the last record that was taken over.
    private var cursors: [ManagementState.Section: Int64] = [:]
    /// How often the state has changed, and up to which change it is in force.
    private var taken = 0
    private var enforced = 0
    /// What was taken over and is not in force yet.
    private var fresh: [(record: Record, section: ManagementState.Section)] = []
    private var outage = Outage()

    /// How soon a change by another process is noticed.
    private static let interval = Duration.milliseconds(200)
    private static let recordsAtOnce = 1_000

    init(
        readers: ReaderPool,
        writer: StorageWriter,
        enforcement: Enforcement,
        reports: ReportInbox,
        clock: Clock,
        logger: Logger
    ) {
        self.readers = readers
        self.writer = writer
        self.enforcement = enforcement
        self.reports = reports
        self.purge = Purge(readers: readers, writer: writer, clock: clock, logger: logger)
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.purge.run() }
            group.addTask { await self.follow() }
        }
    }

    private func follow() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await self.look()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
        }
    }

    /// Takes over what was changed, and looks at what was reported; a failure is told and met again.
    func look() async {
        do {
            try await self.refresh()
            try await self.queue(self.reports.takeAll())
            if let failures = self.outage.end(at: self.clock.seconds) {
                self.logger.notice("the admins' decisions are read again", metadata: ["failures": "\(failures)"])
            }
        } catch {
            if self.outage.note("\(error)", at: self.clock.seconds) {
                self.logger.error("the admins' decisions are not read", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Brings the state up to date; when it returns, all that was on record before is in force.
    func refresh() async throws(StorageError) {
        let revision = try await self.readers.next.recordRevision()
        if revision != self.revision {
            for section in ManagementState.Section.allCases { try await self.takeOver(section) }
            self.revision = revision
        }
        // Also what somebody else has taken over, and is about to put in force.
        guard self.enforced < self.taken else { return }
        let (taken, fresh) = (self.taken, self.fresh)
        self.fresh = []
        await self.enforcement.apply(self.state)
        // What passed the door before the ban was in force is on its way to the writer, if it is not there already.
        await self.writer.settle()
        self.enforced = max(self.enforced, taken)
        await self.purge.add(fresh)
    }

    /// Takes over what is new in a section. Others may do the same at the same time: whoever comes second starts anew.
    private func takeOver(_ section: ManagementState.Section) async throws(StorageError) {
        while true {
            let cursor = self.cursors[section] ?? 0
            let records = try await self.readers.next.records(
                in: section.rawValue,
                after: cursor,
                atMost: Self.recordsAtOnce
            )
            guard self.cursors[section] ?? 0 == cursor else { continue }
            guard let last = records.last else { return }
            for record in records { self.state.take(record, of: section) }
            self.fresh += records.map { ($0, section) }
            self.taken += 1
            self.cursors[section] = last.revision
            if records.count < Self.recordsAtOnce { return }
        }
    }
}
