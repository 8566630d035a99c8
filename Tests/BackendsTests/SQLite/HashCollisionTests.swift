import Nostr
import Testing

@testable import Backends

/// A hit by hash is checked: what a collision of two hashes would bring up is made by hand here.
@Suite struct HashCollisionTests {
    @Test func `an event that a hash brings up without its value is not shown and counts for no limit`() throws {
        let file = try SQLiteFile()
        let real = (0..<5).map { Event.sample(at: Int64(10 * $0), tags: [["t", "x"], ["p", "y"]]) }
        let others = (0..<5).map { Event.sample(at: Int64(10 * $0 + 5), tags: [["t", "z"]]) }
        _ = try file.writer.save(real + others)
        let value = Array("x".utf8)
        let hash = file.reader.tagHash(letter: UInt8(ascii: "t"), value: value.span)
        try file.stranger().execute(
            "INSERT INTO tag SELECT \(hash), created_at, tie, position, kind FROM event WHERE position > 5"
        )
        let expected = Array(real.map(\.id).reversed())
        let shapes: [Filter] = [
            .sample(tags: ["t": ["x"]]), .sample(kinds: [1], tags: ["t": ["x", "w"]]),
            .sample(tags: ["t": ["x"], "p": ["y", "q"]]),
        ]
        for filter in shapes {
            for limit in [nil, 2, 5] {
                var filter = filter
                filter.limit = limit
                #expect(try file.reader.ids(filter) == Array(expected.prefix(limit ?? .max)))
            }
        }
        #expect(try file.reader.ids(.sample(tags: ["t": ["x", "z"]])).count == 10)
    }

    @Test func `an event that comes up by a false hash first and by a true one after it is shown once`() throws {
        let file = try SQLiteFile()
        let event = Event.sample(tags: [["t", "z"]])
        _ = try file.writer.save([event])
        let value = Array("x".utf8)
        let hash = file.reader.tagHash(letter: UInt8(ascii: "t"), value: value.span)
        try file.stranger().execute("INSERT INTO tag SELECT \(hash), created_at, tie, position, kind FROM event")
        for values in [["x", "z"], ["z", "x"]] {
            #expect(try file.reader.ids(.sample(tags: ["t": values])) == [event.id])
            #expect(try file.reader.ids(.sample(tags: ["t": values], limit: 1)) == [event.id])
        }
        #expect(try file.reader.ids(.sample(tags: ["t": ["x"]])).isEmpty)
    }

    @Test func `index entries whose event is gone are passed over`() throws {
        let file = try SQLiteFile()
        let events = (0..<3).map { Event.sample(at: Int64($0), tags: [["t", "x"]]) }
        _ = try file.writer.save(events)
        try file.stranger().execute("DELETE FROM event WHERE position = 2")
        #expect(try file.reader.ids(.sample(tags: ["t": ["x"]])) == [events[2].id, events[0].id])
    }
}
