import Nostr
import Testing

@testable import Backends

/// What a session that reads says to events before they are saved.
@Suite struct StandingTests {
    @Test(arguments: Backend.allCases)
    func `events that are stored have their signatures`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<20).map { Event.sample(content: "\($0)") }
        let positions = try store.storeAll(events)
        let asked = events + [.sample(content: "absent"), events[3]]
        let expected = events.map { Standing.stored($0.signature) }
        #expect(try store.reader.standings(of: asked) == expected + [nil, expected[3]])
        #expect(try store.reader.standings(of: []).isEmpty)
        #expect(try store.reader.standings(of: [.sample(by: .sample(1), kind: 0)]) == [nil])
        _ = try store.writer.remove(positions: [positions[0]])
        #expect(try store.reader.standings(of: [events[0], events[1]]) == [nil, expected[1]])
    }

    @Test(arguments: Backend.allCases)
    func `ids that share their first half have their own signatures`(backend: Backend) throws {
        let store = try TestStore(backend)
        let twins = (0..<5).map { Event.sample(content: "\($0)", id: "ffffffffffffffff") }
        try store.storeAll(Array(twins[..<4]))
        let found = try store.reader.standings(of: twins)
        #expect(found == twins[..<4].map { .stored($0.signature) } + [nil])
        #expect(Set(found).count == 5)
    }

    @Test(arguments: Backend.allCases, [0, 10_002, 30_023] as [Kind])
    func `a version is superseded while the newer one is stored`(backend: Backend, kind: Kind) throws {
        let store = try TestStore(backend)
        let old = Event.sample(kind: kind, at: 10)
        #expect(try store.reader.standings(of: [old]) == [nil])
        try store.save(old)
        let new = Event.sample(kind: kind, at: 11, tags: [["expiration", "99"]])
        #expect(try store.reader.standings(of: [old, new]) == [.stored(old.signature), nil])
        let position = try store.storeAll([new])[0]
        #expect(try store.reader.standings(of: [old, new]) == [.superseded, .stored(new.signature)])
        // The newer one goes in each of the ways in which an event can go.
        _ = try store.writer.remove(positions: [position])
        #expect(try store.reader.standings(of: [old]) == [nil])
        try store.save(new)
        #expect(try store.reader.standings(of: [old]) == [.superseded])
        #expect(try store.writer.removeExpired(at: 100, atMost: 10).count == 1)
        #expect(try store.reader.standings(of: [old]) == [nil])
        try store.save(new)
        try store.save(.deletion(at: 12, of: [new]))
        #expect(try store.reader.standings(of: [old, new]) == [nil, nil])
        #expect(try store.save(old).allSatisfy(\.isStored))
    }

    @Test(arguments: Backend.allCases)
    func `of one second the lower id supersedes the other`(backend: Backend) throws {
        let pair = ["a", "b"].map { Event.sample(kind: 30_023, tags: [["d", "x"]], content: $0) }
            .sorted { $0.id < $1.id }
        let store = try TestStore(backend)
        try store.save(pair[1])
        #expect(try store.reader.standings(of: pair) == [nil, .stored(pair[1].signature)])
        try store.save(pair[0])
        #expect(try store.reader.standings(of: pair) == [.stored(pair[0].signature), .superseded])
    }

    @Test(arguments: Backend.allCases)
    func `another address, author or kind supersedes nothing`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(
            .sample(kind: 30_023, at: 20, tags: [["d", "x"]]),
            .sample(kind: 0, at: 20),
            .sample(kind: 1, at: 20)
        )
        let others: [Event] = [
            .sample(kind: 30_023, at: 10, tags: [["d", "y"]]), .sample(kind: 30_024, at: 10, tags: [["d", "x"]]),
            .sample(by: .sample(1), kind: 30_023, at: 10, tags: [["d", "x"]]), .sample(kind: 3, at: 10),
            .sample(kind: 1, at: 10), .sample(by: .sample(1), kind: 0, at: 10),
        ]
        #expect(try store.reader.standings(of: others).allSatisfy { $0 == nil })
    }

    @Test(arguments: Backend.allCases)
    func `a superseded version that its author deleted is the writer's to judge`(backend: Backend) throws {
        let store = try TestStore(backend)
        let versions = (1...3).map { Event.sample(kind: 30_023, at: Int64($0), tags: [["d", "x"]]) }
        for version in versions { try store.save(version) }
        #expect(try store.reader.standings(of: [versions[0], versions[1]]) == [.superseded, .superseded])
        try store.save(.deletion(at: 9, of: [versions[1]]))
        #expect(try store.reader.standings(of: [versions[0], versions[1]]) == [.superseded, nil])
        try store.save(.deletion(at: 1, addresses: ["30023:\(PublicKey.sample(0)):x"]))
        #expect(try store.reader.standings(of: [versions[0], versions[1]]) == [nil, nil])
        #expect(try store.save(versions[0], versions[1]) == [.deleted, .deleted])
    }
}
