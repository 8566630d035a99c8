import Nostr
import Testing

@testable import Backends

/// Between two calls no statement is left open: one would hold a transaction, and the journal could never be emptied.
@Suite struct StatementTests {
    @Test func `after every call both connections are idle and the journal can be emptied`() throws {
        let file = try SQLiteFile()
        let other = try file.store.openWriter()
        let events = (0..<30).map { Event.sample(at: Int64($0), tags: [["t", "x"], ["expiration", "\(100 + $0)"]]) }
        let twins = (0..<3).map { Event.sample(content: "\($0)", id: "0123456789abcdef") }
        var query = StoredQuery.of([.sample(tags: ["t": ["x"]]), .sample(authors: [.sample(0)], kinds: [1])])
        let calls: [() throws -> Void] = [
            {
                _ = try file.writer.save(
                    events + twins + [events[0], .sample(kind: 0, at: 1), .sample(kind: 0, at: 2)]
                )
            },
            {
                _ = try file.writer.save([
                    .sample(kind: 30_023, tags: [["d", "x"]]), .deletion(of: [events[3], twins[0]]),
                ])
            },
            { _ = try file.writer.remove(positions: [1, 2, 99]) },
            { _ = try file.writer.removeExpired(at: 110, atMost: 3) },
            { _ = try file.writer.removeExpired(at: 0, atMost: 3) },
            { _ = try other.save([.sample(content: "foreign")]) },
            { _ = try file.writer.takeForeignEvents(atMost: 1) },
            { query = try file.reader.nextPage(of: query, bounds: PageBounds(events: 2)).1 },
            { query = try file.reader.nextPage(of: query, bounds: PageBounds(rows: 1)).1 },
            { _ = try file.reader.ids(.sample(ids: events.map(\.id) + twins.map(\.id))) },
            { _ = try file.reader.ids(.sample(authors: [.sample(0), .sample(1)])) },
            { _ = try file.reader.ids(Filter(), .sample(kinds: [0, 1, 5])) },
            { _ = try file.reader.standings(of: twins + [.sample(kind: 30_023, at: 1, tags: [["d", "x"]])]) },
            { _ = try file.reader.events(after: CommitCursor(after: Snapshot(through: 1)), atMost: 2) },
            { _ = try file.reader.statistics() },
        ]
        for (number, call) in calls.enumerated() {
            try call()
            for database in [file.writer.database, file.reader.database] {
                #expect(database.isIdle, "after call \(number): \(database.busyStatements)")
            }
            try Self.emptyJournal(of: file)
        }
    }

    @Test func `a call that failed leaves the connections idle too`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save((0..<10).map { .sample(at: $0, tags: [["expiration", "1"]]) })
        let query = try file.reader.nextPage(of: .everything(), bounds: PageBounds(events: 1)).1
        try file.stranger().execute("ALTER TABLE event RENAME TO gone")
        #expect(throws: StorageError.self) { try file.writer.save([.sample()]) }
        #expect(throws: StorageError.self) { try file.writer.remove(positions: [1]) }
        #expect(throws: StorageError.self) { try file.writer.removeExpired(at: 9, atMost: 9) }
        #expect(throws: StorageError.self) { try file.reader.nextPage(of: query, bounds: PageBounds()) }
        #expect(throws: StorageError.self) { try file.reader.ids(.sample(ids: [.absent(0)])) }
        #expect(throws: StorageError.self) { try file.reader.standings(of: [.sample()]) }
        #expect(throws: StorageError.self) { try file.reader.events(after: CommitCursor(after: .empty), atMost: 5) }
        #expect(throws: StorageError.self) { try file.reader.statistics() }
        for database in [file.writer.database, file.reader.database] {
            #expect(database.isIdle, "\(database.busyStatements)")
        }
        try Self.emptyJournal(of: file)
        try file.stranger().execute("ALTER TABLE gone RENAME TO event")
        #expect(try file.reader.statistics().events == 10)
        #expect(try file.reader.ids(answering: query).count == 9)
        #expect(try file.writer.save([.sample()]).outcomes == [.stored(position: 11)])
    }

    private static func emptyJournal(of file: SQLiteFile) throws {
        let stranger = try file.stranger()
        try stranger.execute("PRAGMA busy_timeout = 0")
        #expect(try stranger.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0, "the checkpoint was blocked")
        #expect(stranger.journalBytes == 0)
    }
}
