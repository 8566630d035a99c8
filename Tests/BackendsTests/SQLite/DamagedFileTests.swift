import Nostr
import TestSupport
import Testing

@testable import Backends

/// Whatever bytes a damaged file holds, the answer is an error or less than there was, and never a trap.
@Suite struct DamagedFileTests {
    private static let name = "events.db"

    /// The bytes of a file with all sorts of events, journal folded in.
    private static let original: [UInt8] = {
        do {
            let folder = try TemporaryFolder()
            let writer = try SQLiteStore(path: folder.path(Self.name), pageCacheBytes: 0).openWriter()
            var random = RandomEvents(seed: 20_261_701)
            let events = (0..<300).map { _ in random.event() }
            _ = try writer.save(events)
            _ = try writer.save([random.deletion(among: events)])
            try Database(path: folder.path(Self.name), mode: .write).execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return try folder.bytes(of: Self.name)
        } catch {
            return []
        }
    }()

    /// Asks a file for everything; what it throws must be a `StorageError`.
    private static func useAll(of bytes: [UInt8]) throws -> [StorageError] {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: Self.name)
        let store = SQLiteStore(path: folder.path(Self.name), pageCacheBytes: 0)
        var errors: [StorageError] = []
        func attempt(_ body: () throws(StorageError) -> Void) {
            do throws(StorageError) { try body() } catch { errors.append(error) }
        }
        attempt { () throws(StorageError) in
            let writer = try store.openWriter()
            var random = RandomEvents(seed: 20_261_702)
            attempt { () throws(StorageError) in _ = try writer.save((0..<20).map { _ in random.event() }) }
            attempt { () throws(StorageError) in _ = try writer.remove(positions: Array(1...50)) }
            attempt { () throws(StorageError) in _ = try writer.removeExpired(at: .max, atMost: 50) }
            attempt { () throws(StorageError) in _ = try writer.takeForeignEvents(atMost: 50) }
        }
        attempt { () throws(StorageError) in
            let reader = try store.openReader()
            let filters: [Filter] = [
                Filter(), .sample(kinds: [1, 7, 0]), .sample(authors: RandomEvents.authors),
                .sample(tags: ["t": RandomEvents.values]), .sample(ids: [.absent(0)]),
            ]
            for filter in filters {
                for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
                    attempt { () throws(StorageError) in
                        var query = StoredQuery.of([filter], direction: direction)
                        for _ in 0..<20 { query = try reader.nextPage(of: query, bounds: PageBounds(events: 50)).1 }
                    }
                }
            }
            attempt { () throws(StorageError) in
                _ = try reader.events(after: CommitCursor(after: .empty), atMost: 1_000)
            }
            attempt { () throws(StorageError) in _ = try reader.statistics() }
        }
        return errors
    }

    @Test func `the undamaged file gives no error`() throws {
        #expect(!Self.original.isEmpty)
        #expect(try Self.useAll(of: Self.original).isEmpty)
    }

    @Test(arguments: [20_261_711, 20_261_712, 20_261_713, 20_261_714] as [UInt64])
    func `bytes overwritten at random are errors at worst`(seed: UInt64) throws {
        try #require(!Self.original.isEmpty)
        var random = SplitMix64(seed: seed)
        var faults = 0
        for _ in 0..<25 {
            var bytes = Self.original
            switch random.below(3) {
            case 0: for _ in 0..<200 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            case 1:
                let page = random.below(bytes.count / 8_192)
                for index in 0..<100 { bytes[page * 8_192 + index + (page == 0 ? 100 : 0)] = UInt8(random.below(256)) }
            default:
                let page = 1 + random.below(bytes.count / 8_192 - 1)
                let source = 1 + random.below(bytes.count / 8_192 - 1)
                bytes.replaceSubrange(
                    page * 8_192..<(page + 1) * 8_192,
                    with: bytes[source * 8_192..<(source + 1) * 8_192]
                )
            }
            faults += try Self.useAll(of: bytes).count
        }
        #expect(faults > 0, "the damage must show")
    }

    @Test func `a file that breaks off anywhere is errors at worst`() throws {
        var faults = 0
        for pages in stride(from: 1, to: Self.original.count / 8_192, by: 7) {
            faults += try Self.useAll(of: Array(Self.original[..<(pages * 8_192 - 11)])).count
        }
        #expect(faults > 0)
    }

    @Test func `a hash key of the wrong length is damage`() throws {
        let file = try SQLiteFile()
        let stranger = try file.stranger()
        for value in ["x''", "x'00'", "zeroblob(15)", "zeroblob(17)", "NULL || ''", "7"] {
            try stranger.execute("UPDATE meta SET value = coalesce(\(value), '') WHERE name = 'hash_key'")
            for open in [{ _ = try file.store.openWriter() }, { _ = try file.store.openReader() }]
                as [() throws -> Void]
            {
                let error = #expect(throws: StorageError.self) { try open() }
                guard case .damaged = error else {
                    Issue.record("\(value): \(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test func `events whose text is damaged are left out, and the rest is not`() throws {
        let file = try SQLiteFile()
        let events = (0..<6).map { Event.sample(at: Int64($0), tags: [["t", "x"], ["expiration", "\(100 + $0)"]]) }
        _ = try file.writer.save(events)
        let stranger = try file.stranger()
        try stranger.execute(
            """
            UPDATE event SET json = x'' WHERE position = 2;
            UPDATE event SET json = '{}' WHERE position = 3;
            UPDATE event SET json = substr(json, 1, 100) WHERE position = 4
            """
        )
        let good = [events[5].id, events[4].id, events[0].id]
        let ids = try file.reader.pages(of: .of([.sample(tags: ["t": ["x"]])])).flatMap(\.events).map(\.id)
        #expect(ids == good)
        let committed = try file.reader.events(after: CommitCursor(after: .empty), atMost: 4)
        #expect(committed.events.map(\.position) == [1] && committed.cursor.last == 4 && !committed.isComplete)
        #expect(try file.reader.events(after: committed.cursor, atMost: 4).events.map(\.position) == [5, 6])
        #expect(try file.reader.standings(of: events).map { $0 != nil } == [true, false, false, false, true, true])
        #expect(try file.writer.removeExpired(at: 200, atMost: 10).map(\.row) == [1, 5, 6])
    }

    @Test func `a version that cannot be read makes way for the next one, and holds no other event up`() throws {
        let file = try SQLiteFile()
        let versions = (0..<2).map { Event.sample(kind: 30_023, at: Int64($0), tags: [["d", "x"]]) }
        let profiles = (0..<2).map { Event.sample(kind: 0, at: Int64($0)) }
        _ = try file.writer.save([versions[0], profiles[0]])
        try file.stranger().execute("UPDATE event SET json = x''")
        let outcomes = try file.writer.save([.sample(content: "other"), versions[1], profiles[1]]).outcomes
        #expect(outcomes == (3...5).map { SaveOutcome.stored(position: CommitPosition(integerLiteral: Int64($0))) })
        #expect(try file.reader.database.number("SELECT count(*) FROM event") == 3)
        #expect(try file.reader.ids(.sample(kinds: [0, 30_023])).count == 2)
    }
}
