import Nostr
import Testing

@testable import Backends

/// What a search finds, on both backends, before the index has come to it and after.
@Suite struct SearchTests {
    @Test(arguments: Backend.allCases, [false, true])
    func `words, phrases and beginnings are found in any script`(backend: Backend, isIndexed: Bool) throws {
        let store = try TestStore(backend)
        let texts = [
            "Hello world", "hello, brave new WORLD", "Café au lait", "私は東京都に住む", "ฉันชอบกาแฟร้อน", "비트코인을 산다",
            "Привет, мир", "it's @a1 @k1 'quoted' \\ : & | ! <-> *",
        ]
        let events = texts.enumerated().map { Event.sample(at: 1_000 + Int64($0), content: $1) }
        try store.storeAll(events)
        if isIndexed { try store.index() }
        func found(_ text: String) throws -> Set<Int> {
            let ids = try store.find(text)
            return Set(events.indices.filter { ids.contains(events[$0].id) })
        }
        #expect(try found("hello") == [0, 1])
        #expect(try found("WORLD hello") == [0, 1])
        #expect(try found("\"hello world\"") == [0])
        #expect(try found("hel*") == [0, 1])
        #expect(try found("ell") == [])
        #expect(try found("cafe") == [2] && found("CAFÉ") == [2])
        #expect(try found("東京") == [3] && found("京") == [3] && found("都東") == [] && found("東京都に") == [3])
        #expect(try found("กาแฟ") == [4] && found("비트코인") == [5] && found("мир привет") == [6])
        #expect(try found("quoted") == [7] && found("'") == Set(events.indices))
        #expect(try found("a1") == [7] && found("k1*") == [7])
    }

    @Test(arguments: Backend.allCases)
    func `the best match comes first, then the newest, and the limit counts after that`(backend: Backend) throws {
        let store = try TestStore(backend)
        let best = Event.sample(at: 1, content: "apple apple apple")
        let good = (0..<5).map { Event.sample(at: 100 + Int64($0), content: "apple number") }
        let long = Event.sample(at: 500, content: "apple" + String(repeating: " filler", count: 100))
        try store.storeAll([best, long] + good)
        for _ in 0..<2 {
            let order = [best.id] + good.reversed().map(\.id) + [long.id]
            #expect(try store.find("apple") == order)
            #expect(try store.find("apple", in: .sample(limit: 1)) == [best.id])
            #expect(try store.find("apple", in: .sample(limit: 0)) == [])
            #expect(try store.find("apple", in: .sample(since: 2, limit: 1)) == [good[4].id])
            try store.index()
        }
    }

    @Test(arguments: Backend.allCases)
    func `several filters show each event once, what is searched for first`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<20).map { Event.sample(at: Int64($0), content: $0 % 4 == 0 ? "fruit apple" : "fruit pear") }
        try store.storeAll(events)
        try store.index()
        let filters = [
            Filter.sample(limit: 3), Filter().searching("apple"), Filter.sample(limit: 2).searching("fruit"),
            Filter.sample(),
        ]
        for bounds in [PageBounds(), PageBounds(events: 2), PageBounds(rows: 3)] {
            let ids = try store.reader.ids(answering: .of(filters), bounds: bounds)
            let apples = events.filter { $0.content.contains("apple") }.reversed().map(\.id)
            let fruit = [events[19].id, events[18].id]
            let rest = events.reversed().map(\.id).filter { !apples.contains($0) && !fruit.contains($0) }
            #expect(ids == apples + fruit + rest)
            let few = try store.reader.ids(answering: .of([filters[1], filters[0]]), bounds: bounds)
            #expect(few == apples + [events[19].id, events[18].id, events[17].id])
        }
    }

    @Test(arguments: Backend.allCases)
    func `what is private, expired, of other kinds or stored later does not show`(backend: Backend) throws {
        let store = try TestStore(backend)
        let (reader, other) = (PublicKey.sample(1), PublicKey.sample(2))
        let note = Event.sample(at: 1, content: "secret word")
        let message = Event.sample(kind: 4, at: 2, tags: [["p", reader.hex]], content: "secret word")
        let hidden = Event.sample(kind: 44, at: 3, tags: [["p", reader.hex]], content: "secret word")
        let expiring = Event.sample(at: 4, tags: [["expiration", "50"]], content: "secret word")
        try store.storeAll([note, message, hidden, expiring])
        func found(_ key: PublicKey?, now: Int64 = 10) throws -> Set<EventID> {
            let readership = Readership(privateKinds: [4, 44], keys: key.map { [$0] } ?? [])
            let query = StoredQuery([Filter().searching("secret")], readership: readership, now: now)
            return Set(try store.reader.ids(answering: query))
        }
        for _ in 0..<2 {
            #expect(try found(nil) == [note.id, expiring.id])
            #expect(try found(other) == [note.id, expiring.id])
            #expect(try found(reader) == [note.id, expiring.id, hidden.id])
            #expect(try found(nil, now: 50) == [note.id])
            try store.index()
        }
        // A history shows what was there when it began.
        var (page, query) = try store.reader.nextPage(
            of: .of([Filter().searching("secret")]),
            bounds: PageBounds(events: 1)
        )
        let late = Event.sample(at: 9, content: "secret")
        try store.storeAll([late])
        try store.index()
        var ids = page.ids
        while !page.isLast {
            (page, query) = try store.reader.nextPage(of: query, bounds: PageBounds(events: 1))
            ids += page.ids
        }
        #expect(ids.count == 3 && !ids.contains(late.id))
    }

    @Test(arguments: Backend.allCases)
    func `of a word that is everywhere the newest thousand are ranked`(backend: Backend) throws {
        let store = try TestStore(backend)
        let best = Event.sample(at: 1, content: "word word")
        try store.storeAll([best] + (0..<1_100).map { .sample(at: 10 + Int64($0), content: "word \($0) x") })
        try store.index()
        #expect(try store.find("word", in: .sample(limit: 1)) != [best.id])
        #expect(try store.find("word", in: .sample(until: 500, limit: 1)) == [best.id])
        #expect(try store.find("word", in: .sample(limit: 2_000)).count == 1_101)
    }

    @Test(arguments: Backend.allCases)
    func `events of one second, of the far future and of the beginning are found`(backend: Backend) throws {
        let store = try TestStore(backend)
        let seconds: [Int64] = [0, 0, 1, 1 << 33, 1 << 34, 1 << 40, 1 << 40, .max, .max]
        let some = seconds.enumerated().map { Event.sample(at: $1, content: "word \($0)") }
        let same = (0..<400).map { Event.sample(at: 5_000, content: "word \($0)") }
        try store.storeAll(some + same)
        try store.index()
        #expect(try store.find("word").count == 409)
        #expect(try store.find("word", in: .sample(since: .max)).count == 2)
        #expect(try store.find("word", in: .sample(until: 0)).count == 2)
        #expect(try store.find("word", in: .sample(since: 5_000, until: 5_000)).count == 400)
        #expect(try store.find("word", in: .sample(since: 1 << 34, until: 1 << 40)).count == 3)
    }
}
