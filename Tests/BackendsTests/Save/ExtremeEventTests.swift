import Nostr
import Testing

@testable import Backends

/// Events that are as large, as many-tagged or as odd as they may be.
@Suite struct ExtremeEventTests {
    @Test(arguments: Backend.allCases, [16 << 10, 1 << 20])
    func `long tag values are stored, found and told from their likes`(backend: Backend, length: Int) throws {
        let store = try TestStore(backend)
        let text = String(repeating: "0123456789abcdef", count: length / 16)
        let events = ["x", "y", ""].map { Event.sample(tags: [["t", text + $0], ["d", text + $0], ["long", text]]) }
        try store.storeAll(events)
        for (event, end) in zip(events, ["x", "y", ""]) {
            #expect(try store.reader.ids(.sample(tags: ["t": [text + end]])) == [event.id])
        }
        #expect(try store.reader.ids(.sample(tags: ["t": [text + "z"]])).isEmpty)
        let stored = try store.reader.pages(of: .everything()).flatMap(\.events)
        #expect(Set(stored.map(\.json)) == Set(events.map(\.json)))
        let article = Event.sample(kind: 30_023, at: 1, tags: [["d", text]])
        try store.save(article)
        #expect(
            try store.writer.save([.sample(kind: 30_023, at: 2, tags: [["d", text]])]).removed.map(\.id) == [article.id]
        )
        let request = Event.deletion(at: 3, addresses: ["30023:\(PublicKey.sample(0)):\(text)"])
        #expect(try store.writer.save([request]).removed.count == 1)
        #expect(try store.save(article) == [.deleted])
    }

    @Test(arguments: Backend.allCases)
    func `an event of two thousand tags is found by each and leaves none behind`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(tags: (0..<2_000).map { ["t", "\($0)"] })
        let other = Event.sample(at: 1, tags: [["t", "0"], ["t", "1999"]])
        let rows = try store.storeAll([event, other])
        for value in ["0", "1000", "1999"] {
            let expected = value == "1000" ? [event.id] : [event.id, other.id]
            #expect(try store.reader.ids(.sample(tags: ["t": [value]])) == expected)
        }
        #expect(try store.writer.remove(positions: [rows[0]]) == 1)
        #expect(try store.reader.ids(.sample(tags: ["t": (0..<2_000).map { "\($0)" }])) == [other.id])
        let request = Event.deletion(of: (0..<2_000).map { .sample(at: Int64($0)) } + [event])
        #expect(try store.save(request, event).map(\.plain) == [.stored, .deleted])
    }

    @Test(arguments: Backend.allCases)
    func `zero characters are characters like others`(backend: Backend) throws {
        let store = try TestStore(backend)
        let identifiers = ["\0", "\0\0", "", "x", "x\0", "\0x"]
        let events = identifiers.map {
            Event.sample(kind: 30_023, tags: [["d", $0], ["t", "a\0\($0)"]], content: "\0\($0)\0")
        }
        try store.storeAll(events)
        #expect(try store.allIDs().count == identifiers.count)
        for (event, identifier) in zip(events, identifiers) {
            #expect(try store.reader.ids(.sample(tags: ["t": ["a\0\(identifier)"]])) == [event.id])
            #expect(try store.reader.ids(.sample(tags: ["d": [identifier]])) == [event.id])
            #expect(try store.reader.pages(of: .of([.sample(ids: [event.id])])).flatMap(\.events) == [event])
        }
        let request = Event.deletion(addresses: ["30023:\(PublicKey.sample(0)):x\0"])
        #expect(try store.writer.save([request]).removed.map(\.id) == [events[4].id])
        #expect(try store.save(events[4], events[3]) == [.deleted, .duplicate])
    }

    @Test(arguments: Backend.allCases, [0, 1, 65_535, 39_999, 30_000, 19_999, 10_000] as [Kind])
    func `every kind at both ends of time is stored, walked over and read in order`(backend: Backend, kind: Kind) throws
    {
        let store = try TestStore(backend)
        let events = [0, 1, Int64.max - 1, Int64.max].enumerated().map { index, second in
            Event.sample(by: .sample(index), kind: kind, at: second, tags: [["t", "x"], ["d", "x"]])
        }
        try store.storeAll(events)
        let newest = events.reversed().map(\.id)
        let filters: [Filter] = [
            Filter(), .sample(kinds: [kind]), .sample(tags: ["t": ["x"]]),
            .sample(authors: (0..<4).map { .sample($0) }),
            .sample(since: 0, until: .max), .sample(authors: (0..<4).map { .sample($0) }, kinds: [kind]),
        ]
        for filter in filters {
            #expect(try store.reader.ids(filter) == newest)
            let oldest = StoredQuery.of([filter], direction: .oldestFirst)
            #expect(try store.reader.ids(answering: oldest, bounds: PageBounds(events: 1)) == newest.reversed())
        }
        let change = Event.sample(by: .sample(3), kind: kind, at: .max, tags: [["d", "x"]], content: "other")
        _ = try store.save(change)
        #expect(try store.writer.removeExpired(at: .max, atMost: 10).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `what expires at the end of time is there until then`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(tags: [["expiration", "\(Int64.max)"]])
        try store.storeAll([event, .sample(tags: [["expiration", "0"]])])
        #expect(try store.writer.removeExpired(at: .max - 1, atMost: 10).count == 1)
        #expect(try store.allIDs() == [event.id])
        #expect(try store.writer.removeExpired(at: .max, atMost: 10).map(\.id) == [event.id])
    }
}
