import Nostr
import Testing

@testable import Backends

@Suite struct LeftoverTests {
    @Test func `a row that holds no event is left out of every answer`() throws {
        let file = try SQLiteFile()
        let events = (0..<5).map { Event.sample(at: Int64(100 + $0), tags: [["t", "x"]], content: "\($0)") }
        _ = try file.writer.save(events)
        try file.stranger().execute("UPDATE event SET json = x'00' WHERE created_at = 102")
        let left = events.filter { $0.createdAt != 102 }.reversed().map(\.id)
        let shapes: [Filter] = [
            Filter(), .sample(kinds: [1]), .sample(authors: [.sample(0)], kinds: [1]), .sample(kinds: [1, 2]),
            .sample(authors: [.sample(0)]), .sample(tags: ["t": ["x"]]), .sample(ids: events.map(\.id)),
        ]
        for filter in shapes { #expect(try file.reader.ids(filter) == left, "\(filter)") }
    }

    @Test func `when all events are removed no table holds anything of them`() throws {
        let file = try SQLiteFile()
        var random = RandomEvents(seed: 20_261_801)
        let events = (0..<300).map { _ in random.event() }
        _ = try file.writer.save(events)
        let (page, _) = try file.reader.nextPage(of: .everything(), bounds: PageBounds(events: .max, bytes: .max))
        #expect(page.isLast && page.count > 100)
        #expect(try file.writer.remove(positions: page.positions) == page.count)
        for table in ["event", "tag", "address", "deleted_event", "deleted_address"] {
            #expect(try file.reader.database.number("SELECT count(*) FROM \(table)") == 0, "\(table)")
        }
    }

    @Test func `every index row belongs to an event, and every event has its rows`() throws {
        let file = try SQLiteFile()
        var random = RandomEvents(seed: 20_261_802)
        for _ in 0..<10 {
            let batch = (0..<60).map { _ in random.event() }
            _ = try file.writer.save(batch + [random.deletion(among: batch)])
        }
        let stored = try file.reader.pages(of: .everything()).flatMap(\.events)
        let tags = stored.reduce(0) { count, event in
            count
                + Set(
                    event.tags.filter { $0.count > 1 && $0[0].utf8.count == 1 }.map {
                        $0[0] + Array($0[1].utf8).description
                    }
                ).count
        }
        let addresses = stored.filter { (30_000..<40_000).contains($0.kind.rawValue) }.count
        #expect(try file.reader.database.number("SELECT count(*) FROM tag") == Int64(tags))
        #expect(try file.reader.database.number("SELECT count(*) FROM address") == Int64(addresses))
        let strays = """
            SELECT count(*) FROM tag LEFT JOIN event USING (position)
            WHERE event.kind IS NOT tag.kind OR event.created_at IS NOT tag.created_at OR event.tie IS NOT tag.tie
            """
        #expect(try file.reader.database.number(strays) == 0)
        #expect(try file.reader.database.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1)
    }
}
