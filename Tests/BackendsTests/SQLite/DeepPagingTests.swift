import Nostr
import Testing

@testable import Backends

/// A flood of events in one second does not make its far end dearer than its near end.
@Suite struct DeepPagingTests {
    private static let count = 100_000
    private static let second: Int64 = 1_700_000_000

    /// A file whose indexes hold the flood; what the events say does not matter to them.
    private static func flood() throws -> (file: SQLiteFile, author: Int64) {
        let file = try SQLiteFile()
        _ = try file.writer.save([.sample(at: 1)])
        let stranger = try file.stranger()
        try stranger.execute(
            """
            BEGIN;
            WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= \(Self.count))
            INSERT INTO event SELECT i, i, 1, 1, \(Self.second), i * 2654435761 % 4294967296 - 2147483648, NULL, x'00'
            FROM n;
            INSERT INTO tag SELECT 7, created_at, tie, position, kind FROM event WHERE position > 1;
            UPDATE meta SET value = \(Self.count + 1) WHERE name = 'last_position';
            COMMIT
            """
        )
        return (file, try #require(try file.reader.number(of: .sample(0))))
    }

    @Test func `each fetch inside one second costs what the first one costs, in both directions`() throws {
        let (file, author) = try Self.flood()
        let value = Array("x".utf8)
        let prefixes: [IndexStream.Prefix] = [
            .time, .kind(1), .author(author, 1), .tag(hash: 7, letter: UInt8(ascii: "t"), value: value),
        ]
        for prefix in prefixes {
            for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
                let window = IndexWindow(
                    since: 2,
                    until: .max,
                    snapshot: PageSnapshot(Snapshot(through: .max)),
                    kinds: nil,
                    direction: direction
                )
                var stream = IndexStream(prefix, chunk: 512)
                var entries: [IndexEntry] = []
                var steps: [Int] = []
                while !stream.isExhausted {
                    _ = file.reader.database.takeSteps()
                    #expect(try file.reader.fill(&stream, in: window) <= 512)
                    if stream.entries.count == 512 { steps.append(file.reader.database.takeSteps()) }
                    entries += stream.entries
                }
                #expect(entries.count == Self.count)
                #expect(
                    zip(entries, entries.dropFirst()).allSatisfy { one, next in
                        direction == .newestFirst ? one.isNewer(than: next) : next.isNewer(than: one)
                    }
                )
                // From the second fetch on rows are compared with one of their own second: a constant more.
                let most = try #require(steps.dropFirst().max())
                let least = try #require(steps.dropFirst().min())
                #expect(most - least < 100 && most < 512 * 16, "\(prefix) \(least) to \(most) steps")
            }
        }
    }

    @Test func `a page that starts deep in the second costs what one at its head costs`() throws {
        let (file, _) = try Self.flood()
        let bounds = PageBounds(events: 100, rows: 1_000)
        for filter in [.sample(since: 2), .sample(kinds: [1], since: 2), .sample(authors: [.sample(0)], since: 2)]
            as [Filter]
        {
            var query = StoredQuery.of([filter])
            var steps: [Int] = []
            var page = EventPage()
            while !page.isLast {
                _ = file.reader.database.takeSteps()
                (page, query) = try file.reader.nextPage(of: query, bounds: bounds)
                steps.append(file.reader.database.takeSteps())
            }
            #expect(steps.count >= Self.count / 1_600)
            #expect(try #require(steps.max()) < 60_000, "\(filter) \(steps.max() ?? 0)")
        }
    }
}
