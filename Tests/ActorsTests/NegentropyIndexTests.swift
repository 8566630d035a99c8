import Backends
import Logging
import NIOPosix
import Nostr
import Synchronization
import Testing

@testable import Actors

/// The set that all reconciliations share, from its making to its end.
@Suite struct NegentropyIndexTests {
    /// What a reader finds, and what happens while it reads.
    final class Script: Sendable {
        let marks = Mutex<[EventMark]>([])
        let whileReading = Mutex<(@Sendable () -> Void)?>(nil)
        let reads = Atomic<Int>(0)
        let fails = Atomic<Bool>(false)
    }

    /// A session that knows marks and nothing else.
    private final class MarkSession: StoreReader {
        private let script: Script
        init(_ script: Script) { self.script = script }

        func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
            self.script.reads.add(1, ordering: .relaxed)
            if self.script.fails.load(ordering: .relaxed) { throw .busy }
            let marks = self.script.marks.withLock { $0.filter { $0.row > row }.prefix(2) }
            if let event = self.script.whileReading.withLock({ $0 }) { event() }
            return EventMarks(marks: Array(marks), next: marks.count < 2 ? nil : marks.last?.row)
        }
        func nextPage(
            of query: consuming StoredQuery,
            bounds: PageBounds
        ) throws(StorageError) -> (EventPage, StoredQuery) { throw .failed("nothing is asked for") }
        func version() throws(StorageError) -> Int64? { nil }
        func standings(of events: [Event]) throws(StorageError) -> [Standing?] { [] }
        func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents {
            throw .failed("nothing is asked for")
        }
        func snapshot() throws(StorageError) -> Snapshot { Snapshot(through: 0) }
        func statistics() throws(StorageError) -> StoreStatistics { StoreStatistics(events: 0, bytes: 0) }
        func close() {}
    }

    private let script = Script()
    private let index = NegentropyIndex()
    private let readers: ReaderPool

    init() {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.readers = ReaderPool([
            StorageReader(on: loop, session: MarkSession(self.script), clock: .system, logger: Logger(label: "test"))
        ])
    }

    private func prepare(kinds: Set<Kind> = [4], maximum: Int = 100) async {
        await self.index.prepare(self.readers, privateKinds: kinds, maximum: maximum, uptime: 0)
    }

    /// The rows' contents by `content`, or nil where there is no set.
    private func contents(of events: [Event], kinds: Set<Kind> = [4], uptime: Int = 0) -> Set<String>? {
        guard case .ready(let snapshot, _) = self.index.answer(privateKinds: kinds, now: 0, uptime: uptime) else {
            return nil
        }
        let ids = (0..<snapshot.count).map { snapshot[$0].id }
        return Set(ids.map { id in events.first { $0.id == id }.map { "\($0.createdAt)" } ?? "?" })
    }

    private static func stored(_ event: Event, _ row: Int64) -> Publication {
        Publication(events: [(event, CommitPosition(row))])
    }

    @Test func `it is made once, and follows what is stored and removed`() async throws {
        let events = try (0..<6).map { try Make.event(createdAt: Int64($0)) }
        self.script.marks.withLock { $0 = (0..<5).map { EventMark(events[$0], row: Int64($0 + 1)) } }
        #expect(self.contents(of: events) == nil)
        self.index.apply(Self.stored(events[5], 6))
        await self.prepare()
        #expect(self.contents(of: events) == ["0", "1", "2", "3", "4"])
        let reads = self.script.reads.load(ordering: .relaxed)
        await self.prepare()
        #expect(self.script.reads.load(ordering: .relaxed) == reads)
        self.index.apply(Self.stored(events[5], 6))
        self.index.apply(Publication(events: [], removed: [2, 77]))
        self.index.apply(Publication(ephemeral: [try Make.event(kind: 20_000)]))
        #expect(self.contents(of: events) == ["0", "2", "3", "4", "5"])
    }

    @Test func `what happens while its rows are read is not lost`() async throws {
        let events = try (0..<8).map { try Make.event(createdAt: Int64($0)) }
        self.script.marks.withLock { $0 = (0..<5).map { EventMark(events[$0], row: Int64($0 + 1)) } }
        let (index, late, gone) = (self.index, Self.stored(events[7], 8), Publication(events: [], removed: [1, 5]))
        // The first is read already, the fifth is not yet, and the eighth is never read.
        self.script.whileReading.withLock { $0 = { for one in [late, gone] { index.apply(one) } } }
        await self.prepare()
        #expect(self.contents(of: events) == ["1", "2", "3", "7"])
    }

    @Test func `it is forgotten when another process has changed the database`() async throws {
        let events = [try Make.event(createdAt: 1)]
        self.script.marks.withLock { $0 = [EventMark(events[0], row: 1)] }
        await self.prepare()
        self.index.apply(.foreignChange)
        #expect(self.contents(of: events) == nil)
        await self.prepare()
        #expect(self.contents(of: events) == ["1"])
        // Also while it is made.
        self.index.apply(.foreignChange)
        let index = self.index
        self.script.whileReading.withLock { $0 = { index.apply(.foreignChange) } }
        await self.prepare()
        #expect(self.contents(of: events) == nil)
    }

    @Test func `it is made for one list of private kinds, and forgotten when nobody asks`() async throws {
        let events = [try Make.event(kind: 4, createdAt: 1), try Make.event(kind: 7, createdAt: 2)]
        self.script.marks.withLock { $0 = [EventMark(events[0], row: 1), EventMark(events[1], row: 2)] }
        await self.prepare()
        #expect(self.contents(of: events) == ["2"])
        #expect(self.contents(of: events, kinds: [7]) == nil)
        await self.prepare(kinds: [7])
        #expect(self.contents(of: events, kinds: [7]) == ["1"])
        self.index.forgetIfUnused(uptime: 600_000_000_000)
        #expect(self.contents(of: events, kinds: [7], uptime: 1_000) == ["1"])
        self.index.forgetIfUnused(uptime: 600_000_001_001)
        #expect(self.contents(of: events, kinds: [7]) == nil)
        #expect(self.index.count == 0)
    }

    @Test func `what is too large is not tried again at once, and a failure leaves nothing`() async throws {
        let events = try (0..<4).map { try Make.event(createdAt: Int64($0)) }
        self.script.marks.withLock { $0 = (0..<4).map { EventMark(events[$0], row: Int64($0 + 1)) } }
        await self.prepare(maximum: 3)
        func isTooLarge(_ uptime: Int) -> Bool {
            if case .tooLarge = self.index.answer(privateKinds: [4], now: 0, uptime: uptime) { true } else { false }
        }
        #expect(isTooLarge(1) && !isTooLarge(60_000_000_000))
        self.script.fails.store(true, ordering: .relaxed)
        await self.prepare()
        #expect(self.contents(of: events) == nil && self.index.count == 0)
        self.script.fails.store(false, ordering: .relaxed)
        await self.prepare()
        #expect(self.contents(of: events)?.count == 4)
        await self.index.close()
        await self.prepare()
        #expect(self.contents(of: events) == nil)
    }
}
