import Nostr
import TestSupport
import Testing

@testable import Backends

/// Requests to vanish, on two nodes that share a server.
@Suite(.needsPostgres, .serialized) struct PostgresVanishTests {
    private static func request(by key: PublicKey, at time: Int64 = 100) -> Event {
        .sample(by: key, kind: .vanish, at: time, tags: [["relay", "ALL_RELAYS"]])
    }

    /// Saves a batch of each node in each round, both at the same moment.
    private static func race(_ fixture: PostgresFixture, _ rounds: [[[Event]]]) throws -> [[[SaveOutcome]]] {
        let nodes = [try fixture.node(), try fixture.node()]
        return try Threads.run(2) { number, meet in
            let writer = try nodes[number].openWriter()
            defer { writer.close() }
            return try rounds.map { round in
                meet()
                return try writer.save(round[number]).outcomes
            }
        }
    }

    @Test func `an event saved at the same instant is gone, or refused`() throws {
        let fixture = try PostgresFixture()
        let rounds = (0..<60).map { round in
            let key = PublicKey.sample(round)
            let kind: Kind = [1, 0, 30_023][round % 3]
            let event =
                round.isMultiple(of: 2)
                ? Event.sample(by: key, kind: kind, at: 100, tags: [["d", "x"], ["t", "y"]])
                : Event.sample(by: .sample(1_000 + round), kind: .giftWrap, at: 100, tags: [["p", key.hex]])
            let later = Event.sample(by: key, kind: 7, at: 101)
            return [[event, later], [Self.request(by: key)]]
        }
        let outcomes = try Self.race(fixture, rounds)
        for (one, two) in zip(outcomes[0], outcomes[1]) {
            #expect(one[0].plain == .stored || one[0].plain == .vanished)
            #expect(one[1].plain == .stored)
            #expect(two.map(\.plain) == [.stored])
        }
        #expect(try fixture.value("SELECT count(*) FROM event") == "120")
        #expect(try fixture.value("SELECT count(*) FROM event WHERE kind NOT IN (7, 62)") == "0")
        #expect(try fixture.value("SELECT count(*) FROM vanishing") == "0")
        let orphans = "SELECT count(*) FROM tag WHERE position NOT IN (SELECT position FROM event)"
        #expect(try fixture.value(orphans) == "0")
    }

    @Test func `two requests at the same instant reach as far as the later one`() throws {
        let fixture = try PostgresFixture()
        let rounds = (0..<30).map { round in
            let key = PublicKey.sample(round)
            return [[Self.request(by: key, at: 100)], [Self.request(by: key, at: 200)]]
        }
        _ = try Self.race(fixture, rounds)
        #expect(try fixture.value("SELECT count(*) FROM vanished WHERE until = 200") == "30")
    }

    @Test func `two nodes that remove at once remove everything, and nothing twice`() throws {
        let fixture = try PostgresFixture()
        let nodes = [try fixture.node(), try fixture.node()]
        let writer = try nodes[0].openWriter()
        let keys = (0..<3).map { PublicKey.sample($0) }
        for key in keys {
            let notes = (0..<900).map { Event.sample(by: key, at: Int64($0 % 100), tags: [["t", "\($0)"]]) }
            _ = try writer.save(notes + [Self.request(by: key)])
        }
        let left = try #require(Int(fixture.value("SELECT count(*) FROM event WHERE kind = 1") ?? ""))
        #expect(left > 1_000)
        let removed = try Threads.run(2) { number, meet in
            let writer = try nodes[number].openWriter()
            defer { writer.close() }
            meet()
            var removed: [Int64] = []
            for _ in 0..<200 {
                let slice = try writer.purgeVanished(atMost: 50)
                removed += slice.removed.map(\.row)
            }
            return removed
        }
        writer.close()
        #expect(removed[0].count + removed[1].count == left)
        #expect(Set(removed[0] + removed[1]).count == left)
        #expect(try fixture.value("SELECT count(*) FROM event") == "3")
        #expect(try fixture.value("SELECT count(*) FROM tag WHERE position NOT IN (SELECT position FROM event)") == "0")
        #expect(try fixture.value("SELECT count(*) FROM vanishing") == "0")
    }

    @Test func `other nodes are told who vanishes, and are not told of what has`() throws {
        let nodes = try TestNodes(.postgres)
        let (here, there) = (nodes.nodes[0], nodes.nodes[1])
        let key = PublicKey.sample(1)
        let notes = (0..<900).map { Event.sample(by: key, at: Int64($0 % 100), content: "\($0)") }
        let request = Self.request(by: key)
        _ = try here.writer.save(notes)
        _ = try here.writer.save([request])
        let reader = try there.store.openReader()
        defer { reader.close() }
        let heard = try nodes.heard(by: there)
        #expect(heard.vanished == Vanishing(key, until: 100))
        #expect(heard.events.map(\.event) == [request])
        #expect(try reader.ids(answering: .everything()).contains(request.id))
        #expect(try reader.ids(.sample(authors: [key], kinds: [1])).isEmpty)
        #expect(try there.writer.save([notes[0]]).outcomes == [.vanished])
    }

    @Test func `a notice names those who vanish, as far as there is room`() {
        var few = Vanishing(.sample(1), until: 7)
        few.add(.sample(2), until: .max)
        for removed in [[], [1, 2]] as [Set<Int64>] {
            let notice = PostgresNotice(node: "a1", removed: removed, vanished: few)
            #expect(PostgresNotice(payload: notice.payload) == notice)
        }
        var many = Vanishing()
        for number in 0..<25 { many.add(.sample(number), until: .max) }
        let rows = Set((0..<250).map { Int64.max - $0 })
        let full = PostgresNotice(node: "ffffffffffffffff", removed: rows, vanished: many)
        #expect(full.payload.utf8.count < 8_000 && full.removed == rows && full.vanished == many)
        for number in 0..<90 { many.add(.sample(number), until: .max) }
        let ofKeys = PostgresNotice(node: "ffffffffffffffff", removed: rows, vanished: many)
        #expect(ofKeys.payload.utf8.count < 8_000 && ofKeys.removed == nil && ofKeys.vanished == many)
        for number in 0..<100 { many.add(.sample(number), until: .max) }
        let short = PostgresNotice(node: "a1", removed: [1], vanished: many)
        #expect(short.removed == nil && short.vanished.isEmpty)
        for text in ["a 1 x", "a 1 \(PublicKey.sample(1)):", "a 1 \(PublicKey.sample(1)):x", "a 1 2 3"] {
            #expect(PostgresNotice(payload: text) == nil)
        }
    }
}
