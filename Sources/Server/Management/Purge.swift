import Actors
import Backends
import Logging
import Nostr
import ServiceLifecycle

/// Removes what banned keys have published and banned events, a slice at a time, so that nobody waits for it. A ban is
/// in force before its purge begins; what another node took in the meantime that node removes.
actor Purge {
    private let readers: ReaderPool
    private let writer: StorageWriter
    private let clock: Clock
    private let logger: Logger
    private var keys: Set<PublicKey> = []
    private var events: Set<EventID> = []

    /// Keys, or events, that are looked for at once.
    private static let batch = 100
    private static let interval = Duration.milliseconds(50)
    /// The pause after a failure.
    private static let pause = Duration.seconds(1)

    init(readers: ReaderPool, writer: StorageWriter, clock: Clock, logger: Logger) {
        self.readers = readers
        self.writer = writer
        self.clock = clock
        self.logger = logger
    }

    /// Has the bans among these records carried out; a ban that was lifted needs it no more.
    func add(_ records: [(record: Record, section: ManagementState.Section)]) {
        for (record, section) in records {
            if section == .bannedPubkey, let key = PublicKey(hex: record.key) {
                if record.value == nil { self.keys.remove(key) } else { self.keys.insert(key) }
            } else if section == .bannedEvent, let id = EventID(hex: record.key) {
                if record.value == nil { self.events.remove(id) } else { self.events.insert(id) }
            }
        }
    }

    /// Works until the relay shuts down; what is left then is done after the next start.
    func run() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let pause: Duration
            do {
                try await self.removeNext()
                pause = Self.interval
            } catch {
                self.logger.error("what is banned cannot be removed yet", metadata: ["reason": "\(error)"])
                pause = Self.pause
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    private func removeNext() async throws(StorageError) {
        while !self.keys.isEmpty, !Task.isShuttingDownGracefully {
            let keys = Array(self.keys.prefix(Self.batch))
            var filter = Filter()
            filter.authors = keys
            if try await self.remove(filter) { self.keys.subtract(keys) }
        }
        while !self.events.isEmpty, !Task.isShuttingDownGracefully {
            let ids = Array(self.events.prefix(Self.batch))
            var filter = Filter()
            filter.ids = ids
            if try await self.remove(filter) { self.events.subtract(ids) }
        }
    }

    /// Removes what a filter finds; returns whether that was all of it.
    private func remove(_ filter: Filter) async throws(StorageError) -> Bool {
        // Expired events are stored until they are swept, and match here like any other.
        var query = StoredQuery([filter], readership: .operator, now: .min)
        var removed = 0
        while !Task.isShuttingDownGracefully {
            let page: EventPage
            (page, query) = try await self.readers.next.nextPage(of: query)
            try await self.writer.remove(rows: page.positions)
            removed += page.count
            if page.isLast || query.isEmpty {
                if removed > 0 { self.logger.notice("removed what is banned", metadata: ["events": "\(removed)"]) }
                return true
            }
        }
        return false
    }
}
