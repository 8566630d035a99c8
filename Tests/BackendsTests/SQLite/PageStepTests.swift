import Nostr
import Testing

@testable import Backends

/// The work of one page in steps of SQLite's virtual machine: a bound that no filter gets past.
@Suite struct PageStepTests {
    private static let bounds = PageBounds(rows: 1_000)
    /// A page may open one stream too many and fetch once more than it should: 4,096 rows of about 16 steps.
    private static let mostSteps = 200_000

    private static func steps(of filters: [Filter], in file: SQLiteFile) throws -> [Int] {
        var query = StoredQuery.of(filters)
        var steps: [Int] = []
        var page = EventPage()
        while !page.isLast {
            _ = file.reader.database.takeSteps()
            (page, query) = try file.reader.nextPage(of: query, bounds: Self.bounds)
            steps.append(file.reader.database.takeSteps())
        }
        return steps
    }

    @Test func `no page of any filter takes more than its share`() throws {
        let file = try SQLiteFile()
        let events = (0..<12_000).map { number in
            Event.sample(
                by: .sample(number % 50),
                kind: Kind(UInt16(number % 3)),
                at: Int64(number),
                tags: [["t", "x"]]
            )
        }
        _ = try file.writer.save(events.filter { $0.kind != 0 })
        let authors = (0..<2_000).map { PublicKey.sample($0) }
        let kinds = (0..<2_000).map { Kind(UInt16($0)) }
        let shapes: [Filter] = [
            Filter(), .sample(kinds: kinds), .sample(authors: authors), .sample(authors: authors, kinds: [1, 2, 3]),
            .sample(authors: authors, kinds: kinds), .sample(tags: ["t": ["x"]]),
            .sample(kinds: [9], tags: ["t": ["x"]]),
            .sample(tags: ["t": (0..<2_000).map { "\($0)" }]), .sample(ids: events.prefix(1_000).map(\.id)),
            .sample(authors: [.sample(0)], kinds: [1, 2], tags: ["t": ["y"]]),
        ]
        for filter in shapes {
            let steps = try Self.steps(of: [filter], in: file)
            #expect(try #require(steps.max()) < Self.mostSteps, "\(steps)")
        }
        let all = try Self.steps(of: shapes, in: file)
        #expect(try #require(all.max()) < Self.mostSteps, "\(all)")
    }

    @Test func `many authors times many kinds take the work of what the authors have written`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save((0..<100).map { .sample(by: .sample($0), kind: Kind(UInt16(1_000 + $0))) })
        let filter = Filter.sample(
            authors: (0..<1_000).map { .sample($0) },
            kinds: (1_000..<9_000).map { Kind(UInt16($0)) }
        )
        #expect(try Self.steps(of: [filter], in: file).reduce(0, +) < 50_000)
    }
}
