import Nostr
import Testing

@testable import Backends

/// What a count costs.
@Suite struct CountWorkTests {
    @Test func `a count by an index reads no event`() throws {
        let file = try SQLiteFile()
        let events = (0..<5_000).map { Event.sample(by: .sample($0 % 3), kind: $0 % 2 == 0 ? 1 : 7, content: "\($0)") }
        _ = try file.writer.save(events)
        // Damaged rows show that nobody looks at them.
        try file.stranger().execute("UPDATE event SET json = x'00'")
        #expect(try file.reader.count(.sample(kinds: [1])) == 2_500)
        #expect(try file.reader.count(.sample(authors: [.sample(0)])) == 1_667)
        #expect(try file.reader.count(Filter()) == 5_000)
        let reader = Readership(privateKinds: [4])
        #expect(try file.reader.answer(to: StoredCount([Filter()], readership: reader, now: 0)).count == 5_000)
        #expect(
            try file.reader.answer(to: StoredCount([.sample(kinds: [1, 4])], readership: reader, now: 0)).count == 2_500
        )
    }

    @Test func `a slice ends where its time or its rows are used up`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save((0..<10_000).map { .sample(content: "\($0)") })
        var count = StoredCount([.sample(kinds: [1])], readership: .operator, now: 0)
        count = try file.reader.advance(count, bounds: PageBounds(rows: 1_000))
        #expect(!count.isComplete && (900...1_100).contains(count.counted))
        count = try file.reader.advance(count, bounds: PageBounds(rows: .max, deadline: .now))
        #expect(!count.isComplete && count.counted < 4_000)
        count = try file.reader.advance(count, bounds: PageBounds(rows: .max))
        #expect(count.isComplete && count.answer.count == 10_000)
        #expect(count.rows >= 10_000)
    }

    @Test func `what a hash brings up without its value is not counted`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save((0..<5).map { .sample(at: Int64($0), tags: [["t", "x"]]) })
        _ = try file.writer.save((5..<9).map { .sample(at: Int64($0), tags: [["t", "z"]]) })
        let value = Array("x".utf8)
        let hash = file.reader.tagHash(letter: UInt8(ascii: "t"), value: value.span)
        try file.stranger().execute(
            "INSERT INTO tag SELECT \(hash), created_at, tie, position, kind FROM event WHERE position > 5"
        )
        #expect(try file.reader.count(.sample(tags: ["t": ["x"]])) == 5)
        #expect(try file.reader.count(.sample(tags: ["t": ["x", "z"]])) == 9)
    }

    @Test func `filters that cannot match the same event are counted one by one`() {
        func parts(_ filters: Filter..., for readership: Readership = .operator) -> [String] {
            CountPart.parts(of: filters, for: readership, now: 0).map { part in
                switch part {
                case .index: "index"
                case .rows(let query): "rows of \(query.cursors.count)"
                }
            }
        }
        #expect(parts(.sample(kinds: [1]), .sample(kinds: [7])) == ["index", "index"])
        #expect(parts(.sample(kinds: [1]), .sample(kinds: [7, 1])) == ["rows of 2"])
        #expect(parts(.sample(authors: [.sample(0)]), .sample(authors: [.sample(1)], kinds: [1])).count == 2)
        #expect(parts(.sample(since: 5), .sample(until: 4)) == ["index", "index"])
        #expect(parts(.sample(since: 5), .sample(until: 5)) == ["rows of 2"])
        #expect(parts(.sample(kinds: [1]), .sample(kinds: [7]), .sample(kinds: [1, 7])) == ["rows of 3"])
        #expect(parts(.sample(kinds: [1]), .sample(kinds: [2]), .sample(kinds: [2, 3])) == ["index", "rows of 2"])
        let reader = Readership(privateKinds: [4])
        #expect(parts(.sample(kinds: [4]), .sample(kinds: [4, 1]), .sample(kinds: [7]), for: reader).count == 2)
        #expect(parts(.sample(kinds: [4]), for: reader).isEmpty)
        let party = Readership(privateKinds: [4], keys: [.sample(0)])
        #expect(parts(Filter(), for: party) == ["index", "rows of 1"])
    }
}
