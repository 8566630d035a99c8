import Nostr
import Testing

@testable import Backends

/// NIP-40.
@Suite struct ExpiryTests {
    private static func event(_ number: Int, expiring second: Int64) -> Event {
        .sample(at: Int64(number), tags: [["expiration", "\(second)"], ["t", "x"]], content: "\(number)")
    }

    @Test(arguments: Backend.allCases)
    func `an expired event is shown to nobody, swept or not`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Self.event(1, expiring: 100)
        let lasting = Event.sample(at: 2, tags: [["t", "x"]])
        try store.storeAll([event, lasting])
        let filters: [Filter] = [
            Filter(), .sample(ids: [event.id, lasting.id]), .sample(kinds: [1]), .sample(tags: ["t": ["x"]]),
            .sample(authors: [.sample(0)]), .sample(authors: [.sample(0)], kinds: [1]),
        ]
        for filter in filters {
            for (now, expected) in [(99, [lasting.id, event.id]), (100, [lasting.id]), (.max, [lasting.id])]
                as [(Int64, [EventID])]
            {
                let query = StoredQuery([filter], readership: .operator, now: now)
                #expect(try store.reader.ids(answering: query) == expected, "\(filter)")
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func `limits count only what has not expired`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll((10..<20).map { Self.event($0, expiring: 100) })
        let lasting = (1...3).map { Event.sample(at: Int64($0), content: "\($0)") }
        try store.storeAll(lasting)
        let query = StoredQuery([.sample(limit: 2)], readership: .operator, now: 100)
        #expect(try store.reader.ids(answering: query) == [lasting[2].id, lasting[1].id])
    }

    @Test(arguments: Backend.allCases)
    func `what has expired is removed in slices and nothing else`(backend: Backend) throws {
        let store = try TestStore(backend)
        let expiring = (0..<25).map { Self.event($0, expiring: 100 + Int64($0 % 5)) }
        let positions = try store.storeAll(expiring)
        let lasting = [Self.event(30, expiring: 105), .sample(content: "lasting")]
        try store.storeAll(lasting)
        #expect(try store.writer.removeExpired(at: 99, atMost: 10).isEmpty)
        var removed: [RemovedEvent] = []
        for count in [10, 10, 5, 0, 0] {
            let slice = try store.writer.removeExpired(at: 104, atMost: 10)
            #expect(slice.count == count)
            removed += slice
        }
        #expect(Set(removed.map(\.id)) == Set(expiring.map(\.id)))
        #expect(Set(removed.map(\.row)) == Set(positions))
        #expect(removed.allSatisfy { $0.cause == .expired })
        #expect(Set(try store.allIDs()) == Set(lasting.map(\.id)))
        #expect(try store.reader.ids(.sample(tags: ["t": ["x"]])) == [lasting[0].id])
    }

    @Test(arguments: Backend.allCases)
    func `an expired version still keeps older ones out until it is swept`(backend: Backend) throws {
        let store = try TestStore(backend)
        let new = Event.sample(kind: 0, at: 20, tags: [["expiration", "100"]])
        let old = Event.sample(kind: 0, at: 10)
        try store.storeAll([new])
        #expect(try store.save(old) == [.superseded])
        #expect(try store.writer.removeExpired(at: 100, atMost: 1).map(\.id) == [new.id])
        #expect(try store.save(old).map(\.plain) == [.stored])
    }

    @Test(arguments: Backend.allCases)
    func `the first expiration counts, and a malformed one is none`(backend: Backend) throws {
        let store = try TestStore(backend)
        let never = [
            ["expiration", "soon"], ["expiration"], ["expiration", "-1"], ["expiration", "1.5"], ["expiration", ""],
            ["Expiration", "1"], ["expiration", "99999999999999999999"], ["expiration", "\(Int64.max)"],
        ]
        let lasting = never.map { Event.sample(tags: [$0, ["expiration", "1"]]) }
        try store.storeAll(lasting)
        let second = Event.sample(tags: [["expiration", "7"], ["expiration", "99"]])
        try store.storeAll([second])
        let early = StoredQuery([Filter()], readership: .operator, now: 50)
        let shown = Set(try store.reader.ids(answering: early))
        #expect(!shown.contains(second.id))
        #expect(try store.writer.removeExpired(at: .max - 1, atMost: 100).contains { $0.id == second.id })
    }
}
