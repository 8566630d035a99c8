import NIOCore
import NIOPosix
import Nostr
import Synchronization
import Testing

@testable import Actors
@testable import Backends

@Suite struct QuickReaderTests {
    private static let group = MultiThreadedEventLoopGroup.singleton

    /// What a test tells the session and the clock, and what they have done.
    private final class Script: Sendable {
        struct State {
            var version: Int64? = 1
            var failure: StorageError?
            /// Nanoseconds that a page takes.
            var pageNanoseconds = 100_000
            var uptime = 0
            var isLast = true
            var pages = 0
            var bounds: PageBounds?
        }

        let state = Mutex(State())

        func set(_ change: @Sendable (inout State) -> Void) { self.state.withLock { change(&$0) } }
        var pages: Int { self.state.withLock { $0.pages } }
    }

    private final class Session: StoreReader {
        let script: Script

        init(_ script: Script) { self.script = script }

        func nextPage(
            of query: consuming StoredQuery,
            bounds: PageBounds
        ) throws(StorageError) -> (EventPage, StoredQuery) {
            let state = try self.work()
            var page = EventPage()
            let bytes = Array("page \(state.pages)".utf8)
            page.append(StoredRow(json: bytes.span, kind: 1, expiresAt: nil, transaction: 1), position: 1)
            page.isLast = state.isLast
            self.script.state.withLock { $0.bounds = bounds }
            return (page, query)
        }

        func advance(_ count: consuming StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount {
            _ = try self.work()
            return count
        }

        private func work() throws(StorageError) -> Script.State {
            let state = self.script.state.withLock { state in
                state.pages += 1
                state.uptime += state.pageNanoseconds
                return state
            }
            if let failure = state.failure { throw failure }
            return state
        }

        func version() throws(StorageError) -> Int64? {
            let state = self.script.state.withLock { $0 }
            if state.failure == .busy { throw .busy }
            return state.version
        }

        func standings(of events: [Event]) throws(StorageError) -> [Standing?] {
            _ = try self.work()
            return []
        }

        func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents {
            throw .failed("not asked for")
        }

        func snapshot() throws(StorageError) -> Snapshot { Snapshot(through: 1) }
        func statistics() throws(StorageError) -> StoreStatistics { StoreStatistics(events: 0, bytes: 0) }
        func close() {}
    }

    private let metrics = Metrics()
    private let script = Script()

    private func reader(cacheBytes: Int? = 1 << 20) -> QuickReader {
        let script = self.script
        return QuickReader(
            on: Self.group.any(),
            session: Session(script),
            cacheBytes: cacheBytes,
            metrics: self.metrics,
            clock: Clock(now: { 0 }, uptime: { script.state.withLock { $0.uptime } })
        )
    }

    private func text(of query: StoredQuery? = nil, from reader: QuickReader) async -> String? {
        let query = query ?? StoredQuery([Filter()], readership: Readership(privateKinds: [4]), now: 0)
        return await reader.firstPage(of: query, bytes: 1_000).map { String(decoding: $0.0.bytes, as: UTF8.self) }
    }

    @Test func `a query that is asked again is answered from memory until the database changes`() async {
        let reader = self.reader()
        var answers: [String?] = []
        for _ in 0..<4 { answers.append(await self.text(from: reader)) }
        #expect(answers == ["page 1", "page 2", "page 2", "page 2"])
        #expect(self.metrics.resultCacheHits.value == 2)
        self.script.set { $0.version = 2 }
        #expect(await self.text(from: reader) == "page 3")
    }

    @Test func `without memory for answers, or where the answer has more pages, every query is read`() async {
        let reader = self.reader(cacheBytes: nil)
        for number in 1...4 { #expect(await self.text(from: reader) == "page \(number)") }
        let other = self.reader()
        self.script.set { $0.isLast = false }
        for number in 5...8 { #expect(await self.text(from: other) == "page \(number)") }
        #expect(self.metrics.resultCacheHits.value == 0)
    }

    @Test func `a page that is read on the loop is bounded by rows and by a moment`() async {
        _ = await self.text(from: self.reader())
        let bounds = self.script.state.withLock { $0.bounds }
        #expect(bounds?.deadline != nil && bounds?.bytes == 1_000 && bounds?.rows ?? .max <= 2_000)
    }

    @Test func `a session that fails, is busy or knows no version is left to the other readers`() async {
        for cacheBytes in [nil, 1 << 20] {
            let reader = self.reader(cacheBytes: cacheBytes)
            for failure in [.failed("x"), .busy, .diskFull] as [StorageError] {
                self.script.set { $0.failure = failure }
                for _ in 0..<3 { #expect(await self.text(from: reader) == nil) }
                #expect(await reader.standings(of: []) == nil)
            }
            self.script.set { $0.failure = nil }
            #expect(await self.text(from: reader) != nil)
        }
        self.script.set { $0.version = nil }
        #expect(await self.text(from: self.reader()) == nil)
        #expect(self.metrics.resultCacheHits.value == 0)
    }

    @Test func `after a slow page the disk is left to the other readers for a second`() async {
        let reader = self.reader(cacheBytes: nil)
        self.script.set { $0.pageNanoseconds = 20_000_001 }
        #expect(await self.text(from: reader) == "page 1")
        self.script.set { state in
            state.pageNanoseconds = 1
            state.uptime += 999_999_999
        }
        #expect(await self.text(from: reader) == nil)
        #expect(await reader.standings(of: []) == nil)
        #expect(self.script.pages == 1)
        self.script.set { $0.uptime += 1 }
        #expect(await self.text(from: reader) == "page 2")
        #expect(await reader.standings(of: []) != nil)
    }

    @Test func `the time that pages take is counted, for the loop and for the query`() async throws {
        let reader = self.reader(cacheBytes: nil)
        self.script.set { $0.pageNanoseconds = 7_000 }
        var query = StoredQuery([Filter()], readership: .operator, now: 0)
        (_, query) = try #require(await reader.firstPage(of: query, bytes: 1_000))
        (_, query) = try #require(await reader.firstPage(of: query, bytes: 1_000))
        #expect(query.spentNanoseconds == 14_000)
        #expect(await reader.spentNanoseconds == 14_000)
    }

    @Test func `an answer from memory has taken no time`() async throws {
        let reader = self.reader()
        self.script.set { $0.pageNanoseconds = 7_000 }
        let query = StoredQuery([Filter()], readership: .operator, now: 0)
        var spent: [Int] = []
        for _ in 0..<3 {
            let (_, rest) = try #require(await reader.firstPage(of: query, bytes: 1_000))
            spent.append(rest.spentNanoseconds)
        }
        #expect(spent == [7_000, 7_000, 0])
    }
}
