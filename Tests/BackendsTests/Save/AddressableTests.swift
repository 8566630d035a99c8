import Nostr
import Testing

@testable import Backends

/// NIP-01: one event per author, kind and `d` tag of the kinds 30000 to 39999.
@Suite struct AddressableTests {
    @Test(arguments: Backend.allCases, [30_000, 39_999] as [Kind])
    func `the later version of an address stays, whichever arrives first`(backend: Backend, kind: Kind) throws {
        let old = Event.sample(kind: kind, at: 10, tags: [["d", "x"]])
        let new = Event.sample(kind: kind, at: 11, tags: [["d", "x"]])
        let rising = try TestStore(backend)
        let result = try rising.writer.save([old, new])
        #expect(result.outcomes.map(\.plain) == [.stored, .stored])
        let row = try #require(result.outcomes[0].position)
        #expect(result.removed == [RemovedEvent(id: old.id, row: row, cause: .replaced)])
        #expect(try rising.allIDs() == [new.id])
        let falling = try TestStore(backend)
        #expect(try falling.save(new, old).map(\.plain) == [.stored, .superseded])
        #expect(try falling.allIDs() == [new.id])
    }

    @Test(arguments: Backend.allCases, ["", "0123abcd", "0123456789abcdef"])
    func `of one second the lower id stays, whichever arrives first`(backend: Backend, digits: String) throws {
        let pair = ["a", "b"].map { Event.sample(kind: 30_023, tags: [["d", "x"]], content: $0, id: digits) }
        let lower = try #require(pair.min { $0.id.hex < $1.id.hex })
        let higher = try #require(pair.max { $0.id.hex < $1.id.hex })
        let rising = try TestStore(backend)
        #expect(try rising.save(lower, higher).map(\.plain) == [.stored, .superseded])
        #expect(try rising.allIDs() == [lower.id])
        let falling = try TestStore(backend)
        #expect(try falling.save(higher, lower).map(\.plain) == [.stored, .stored])
        #expect(try falling.allIDs() == [lower.id])
    }

    @Test(arguments: Backend.allCases)
    func `a missing d, a d without a value and an empty d are one address`(backend: Backend) throws {
        let spellings: [[[String]]] = [[], [["d"]], [["d", ""]], [["t", "x"], ["d", "", "more"]], [["D", "x"]]]
        let store = try TestStore(backend)
        for (second, tags) in spellings.enumerated() {
            try store.storeAll([.sample(kind: 30_023, at: Int64(second), tags: tags)])
            #expect(try store.allIDs().count == 1)
        }
        #expect(try store.save(.sample(kind: 30_023, at: 0, tags: [["d", ""], ["x"]])) == [.superseded])
    }

    @Test(arguments: Backend.allCases)
    func `the first d counts`(backend: Backend) throws {
        let store = try TestStore(backend)
        let both = Event.sample(kind: 30_023, at: 1, tags: [["d", "x"], ["d", "y"]])
        let other = Event.sample(kind: 30_023, at: 2, tags: [["d", "y"]])
        try store.storeAll([both, other])
        #expect(try store.allIDs() == [other.id, both.id])
        let new = Event.sample(kind: 30_023, at: 3, tags: [["d", "x"]])
        #expect(try store.writer.save([new]).removed.map(\.id) == [both.id])
        #expect(try store.allIDs() == [new.id, other.id])
    }

    @Test(arguments: Backend.allCases)
    func `other authors, kinds and identifiers are other addresses`(backend: Backend) throws {
        let store = try TestStore(backend)
        let long = String(repeating: "x", count: 20_000)
        let identifiers = ["x", "X", "x ", "é", "e\u{301}", "\0", "\u{1}", "\\0", "\"", long, long + "y"]
        try store.storeAll(identifiers.map { .sample(kind: 30_023, tags: [["d", $0]]) })
        try store.storeAll([
            .sample(by: .sample(1), kind: 30_023, tags: [["d", "x"]]), .sample(kind: 30_024, tags: [["d", "x"]]),
        ])
        #expect(try store.allIDs().count == identifiers.count + 2)
        for identifier in identifiers {
            let new = Event.sample(kind: 30_023, at: 1_800_000_000, tags: [["d", identifier]])
            #expect(try store.writer.save([new]).removed.count == 1)
        }
        #expect(try store.allIDs().count == identifiers.count + 2)
    }

    @Test(arguments: Backend.allCases)
    func `an address whose event was removed is free for any version`(backend: Backend) throws {
        let store = try TestStore(backend)
        let new = Event.sample(kind: 30_023, at: 2, tags: [["d", "x"]])
        let old = Event.sample(kind: 30_023, at: 1, tags: [["d", "x"]])
        let positions = try store.storeAll([new])
        #expect(try store.writer.remove(positions: positions) == 1)
        try store.storeAll([old])
        #expect(try store.allIDs() == [old.id])
        #expect(try store.save(new).map(\.plain) == [.stored])
        #expect(try store.allIDs() == [new.id])
    }
}
