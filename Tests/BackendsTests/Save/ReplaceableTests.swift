import Nostr
import Testing

@testable import Backends

/// NIP-01: one event per author and kind of the kinds 0, 3 and 10000 to 19999.
@Suite struct ReplaceableTests {
    @Test(arguments: Backend.allCases, [0, 3, 10_000, 19_999] as [Kind])
    func `the later version stays, whichever arrives first`(backend: Backend, kind: Kind) throws {
        let old = Event.sample(kind: kind, at: 10)
        let new = Event.sample(kind: kind, at: 11)
        for batches in [[[old], [new]], [[old, new]]] {
            let store = try TestStore(backend)
            let results = try batches.map { try store.writer.save($0) }
            #expect(results.flatMap(\.outcomes).map(\.plain) == [.stored, .stored])
            let row = try #require(results[0].outcomes[0].position)
            #expect(results.flatMap(\.removed) == [RemovedEvent(id: old.id, row: row, cause: .replaced)])
            #expect(try store.allIDs() == [new.id])
            #expect(try store.save(old) == [.superseded])
        }
        for batches in [[[new], [old]], [[new, old]]] {
            let store = try TestStore(backend)
            let results = try batches.map { try store.writer.save($0) }
            #expect(results.flatMap(\.outcomes).map(\.plain) == [.stored, .superseded])
            #expect(results.flatMap(\.removed).isEmpty)
            #expect(try store.allIDs() == [new.id])
        }
    }

    @Test(arguments: Backend.allCases, ["", "0123abcd", "0123456789abcdef"])
    func `of one second the lower id stays, whichever arrives first`(backend: Backend, digits: String) throws {
        let pair = [Event.sample(kind: 0, content: "a", id: digits), Event.sample(kind: 0, content: "b", id: digits)]
        let lower = try #require(pair.min { $0.id.hex < $1.id.hex })
        let higher = try #require(pair.max { $0.id.hex < $1.id.hex })
        let rising = try TestStore(backend)
        #expect(try rising.save(lower, higher).map(\.plain) == [.stored, .superseded])
        #expect(try rising.allIDs() == [lower.id])
        let falling = try TestStore(backend)
        #expect(try falling.save(higher).map(\.plain) == [.stored])
        #expect(try falling.save(lower).map(\.plain) == [.stored])
        #expect(try falling.allIDs() == [lower.id])
    }

    @Test(arguments: Backend.allCases)
    func `authors and kinds do not replace each other, and regular kinds replace nothing`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([
            .sample(by: .sample(0), kind: 0, at: 1), .sample(by: .sample(1), kind: 0, at: 2),
            .sample(by: .sample(0), kind: 3, at: 3), .sample(by: .sample(0), kind: 10_002, at: 4),
            .sample(kind: 1, at: 5), .sample(kind: 1, at: 6), .sample(kind: 9_999, at: 7), .sample(kind: 9_999, at: 8),
            .sample(kind: 40_000, at: 9), .sample(kind: 40_000, at: 10),
        ])
        #expect(try store.allIDs().count == 10)
    }

    @Test(arguments: Backend.allCases)
    func `a d tag makes no difference to a replaceable kind`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(.sample(kind: 10_002, at: 1, tags: [["d", "a"]]))
        let new = Event.sample(kind: 10_002, at: 2, tags: [["d", "b"]])
        try store.save(new)
        #expect(try store.allIDs() == [new.id])
    }

    @Test(arguments: Backend.allCases)
    func `every order of arrival leaves the same version`(backend: Backend) throws {
        let versions = [
            Event.sample(kind: 0, at: 1, content: "a"), .sample(kind: 0, at: 2, content: "b"),
            .sample(kind: 0, at: 2, content: "c"), .sample(kind: 0, at: 2, content: "d"),
        ]
        let survivor = try #require(versions.dropFirst().min { $0.id.hex < $1.id.hex })
        for order in Self.permutations(versions) {
            let store = try TestStore(backend)
            for event in order { try store.save(event) }
            #expect(try store.allIDs() == [survivor.id])
            #expect(try store.reader.ids(.sample(authors: [.sample(0)], kinds: [0])) == [survivor.id])
        }
    }

    private static func permutations(_ events: [Event]) -> [[Event]] {
        guard events.count > 1 else { return [events] }
        return events.indices.flatMap { index in
            var rest = events
            let first = rest.remove(at: index)
            return Self.permutations(rest).map { [first] + $0 }
        }
    }

    @Test(arguments: Backend.allCases)
    func `what was replaced is found by no index any more`(backend: Backend) throws {
        let store = try TestStore(backend)
        let old = Event.sample(kind: 10_002, at: 1, tags: [["r", "x"], ["expiration", "99"]])
        try store.save(old)
        try store.save(.sample(kind: 10_002, at: 2))
        #expect(try store.reader.ids(.sample(ids: [old.id])).isEmpty)
        #expect(try store.reader.ids(.sample(tags: ["r": ["x"]])).isEmpty)
        #expect(try store.reader.ids(.sample(until: 1)).isEmpty)
        #expect(try store.reader.standings(of: [old]) == [.superseded])
        #expect(try store.writer.removeExpired(at: 100, atMost: 10).isEmpty)
    }
}
