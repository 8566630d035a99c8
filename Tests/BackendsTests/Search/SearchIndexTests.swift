import Nostr
import Testing

@testable import Backends

/// How the index of words follows what is stored.
@Suite struct SearchIndexTests {
    @Test(arguments: Backend.allCases)
    func `what is replaced, deleted, expired or removed leaves the index`(backend: Backend) throws {
        let store = try TestStore(backend)
        let indexer = try store.store.openIndexer(kinds: .searched)
        defer { indexer.close() }
        try store.index(indexer)
        let old = Event.sample(kind: 0, at: 1, content: #"{"name":"old word"}"#)
        let new = Event.sample(kind: 0, at: 2, content: #"{"name":"new word"}"#)
        let note = Event.sample(at: 3, content: "word")
        let expiring = Event.sample(at: 4, tags: [["expiration", "50"]], content: "word")
        let removed = Event.sample(at: 5, content: "word")
        let positions = try store.storeAll([old, note, expiring, removed])
        try store.index(indexer)
        #expect(try store.rowsIndexed(of: "word") == 4)
        try store.storeAll([new])
        #expect(try store.find("old") == [] && store.find("new") == [new.id])
        try store.storeAll([.deletion(at: 10, of: [note])])
        _ = try store.writer.removeExpired(at: 60, atMost: 10)
        _ = try store.writer.remove(positions: [positions[3]])
        #expect(try store.find("word") == [new.id])
        try store.index(indexer)
        #expect(try store.find("word") == [new.id])
        #expect(try store.rowsIndexed(of: "word") == 1 && store.rowsIndexed(of: "old") == 0)
    }

    @Test(arguments: Backend.allCases)
    func `what is stored and removed before it is indexed is never in it`(backend: Backend) throws {
        let store = try TestStore(backend)
        let indexer = try store.store.openIndexer(kinds: .searched)
        defer { indexer.close() }
        try store.index(indexer)
        let positions = try store.storeAll([.sample(content: "word")])
        _ = try store.writer.remove(positions: positions)
        try store.index(indexer)
        #expect(try store.rowsIndexed(of: "word") == 0)
    }

    @Test(arguments: Backend.allCases)
    func `a database from before is indexed, the newest first, while more comes`(backend: Backend) throws {
        let store = try TestStore(backend)
        for start in stride(from: 0, to: 1_200, by: 400) {
            try store.storeAll((start..<start + 400).map { .sample(at: Int64($0), content: "word \($0)") })
        }
        let indexer = try store.store.openIndexer(kinds: .searched)
        defer { indexer.close() }
        let first = try indexer.indexNext()
        #expect(first.isRebuilding && first.hasMore && first.events < 1_200)
        #expect(try store.rowsIndexed(of: "1199") == 1 && store.rowsIndexed(of: "0") == 0)
        try store.storeAll([.sample(at: 5_000, content: "word late")])
        _ = try indexer.indexNext()
        #expect(try store.rowsIndexed(of: "late") == 1)
        try store.index(indexer)
        #expect(try store.rowsIndexed(of: "word") == 1_201)
        let last = try indexer.indexNext()
        #expect(!last.isRebuilding && !last.hasMore && last.waiting == 0 && last.events == 0)
        // Another start finds nothing to do.
        #expect(try store.index() == 0)
    }

    @Test(arguments: Backend.allCases)
    func `other kinds have the index made anew, and none empties it`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<30).map { .sample(kind: Kind(UInt16(1 + $0 % 3)), at: Int64($0), content: "word") })
        try store.index(KindRanges([1...2]))
        // Kind 3 is replaceable: one of it is left.
        #expect(try store.rowsIndexed(of: "word") == 20)
        try store.index(KindRanges([2...3]))
        #expect(try store.rowsIndexed(of: "word") == 11)
        try store.storeAll([.sample(kind: 1, at: 99, content: "word"), .sample(kind: 2, at: 99, content: "word")])
        try store.index(KindRanges([2...3]))
        #expect(try store.rowsIndexed(of: "word") == 12)
        try store.index(KindRanges([]))
        #expect(try store.rowsIndexed(of: "word") == 0)
        try store.index(KindRanges([0 ... .max]))
        #expect(try store.rowsIndexed(of: "word") == 23)
    }

    @Test(arguments: Backend.allCases)
    func `other rules have the index made anew`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<10).map { .sample(at: Int64($0), content: "word") })
        try store.index()
        switch backend {
        case .sqlite: try store.execute("UPDATE meta SET value = 99 WHERE name = 'search_version'")
        case .postgres: try store.execute("UPDATE search_state SET version = 99")
        }
        #expect(try store.index() == 10)
        #expect(try store.rowsIndexed(of: "word") == 10)
    }

    @Test(arguments: Backend.allCases)
    func `several indexers share the work, and do nothing twice`(backend: Backend) throws {
        let nodes = try TestNodes(backend)
        let (one, other) = (nodes.nodes[0], nodes.nodes[1])
        let indexers = [
            try one.store.openIndexer(kinds: .searched), try other.store.openIndexer(kinds: .searched),
        ]
        defer { for indexer in indexers { indexer.close() } }
        var count = 0
        for start in stride(from: 0, to: 1_000, by: 100) {
            let events = (start..<start + 100).map { Event.sample(at: Int64($0), content: "word \($0)") }
            _ = try nodes.nodes[start / 100 % 2].writer.save(events)
            count += try indexers[start / 100 % 2].indexNext().events
        }
        for _ in 0..<20 { for indexer in indexers { count += try indexer.indexNext().events } }
        #expect(count == 1_000)
        let reader = try one.store.openReader()
        defer { reader.close() }
        let limit = StoredQuery([Filter.sample(limit: 2_000).searching("word")], readership: .operator, now: 0)
        #expect(try Set(reader.ids(answering: limit)).count == 1_000)
    }

    @Test(arguments: Backend.allCases)
    func `hostile texts are indexed and taken out again`(backend: Backend) throws {
        let store = try TestStore(backend)
        let texts = [
            "", "\0\0", "\"\"''\\", String(repeating: "東京", count: 20_000), String(repeating: "x", count: 100_000),
            (0..<30_000).map { "w\($0)" }.joined(separator: " "), "' | !a & b:* <-> (", "@a1 @k1 @00 ~ff",
            "\u{10FFFF}\u{FFFE}\u{202E}", String(repeating: "🔥", count: 20_000), String(repeating: "é", count: 20_000),
            (0..<20_000).map { String(Unicode.Scalar(0x4E00 + $0) ?? "x") }.joined(),
        ]
        let events = texts.map { Event.sample(content: $0 + " word") }
        let positions = try store.storeAll(events)
        try store.index()
        // What stands behind very many words is not looked at.
        #expect(try store.rowsIndexed(of: "word") >= texts.count - 4)
        #expect(try store.find("東京").count == 1)
        _ = try store.writer.remove(positions: positions)
        try store.index()
        for word in ["word", "東京", "w7", "🔥", "x*"] { #expect(try store.rowsIndexed(of: word) == 0, "\(word)") }
    }
}
