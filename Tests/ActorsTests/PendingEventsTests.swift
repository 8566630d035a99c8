import Backends
import Nostr
import Testing

@testable import Actors

@Suite("Live events that wait for a history")
struct PendingEventsTests {
    @Test("are kept in their order, and taken out when they are deleted")
    func keepsAndForgets() throws {
        let first = try Make.event(content: "1")
        let second = try Make.event(content: "2")
        var pending = PendingEvents()
        pending.append(first, position: CommitPosition(1), atMost: 10, bytes: 10_000)
        pending.append(second, position: CommitPosition(2), atMost: 10, bytes: 10_000)
        pending.remove([1])
        #expect(pending.events.map(\.event) == [second])
        #expect(!pending.hasOverflowed)
    }

    @Test("beyond the limit are left to the database, but for ephemeral ones, which it does not have")
    func overflow() throws {
        let ephemeral = try (0..<4).map { try Make.event(kind: 20_001, content: "\($0)") }
        var pending = PendingEvents()
        pending.append(ephemeral[0], position: nil, atMost: 2, bytes: 10_000)
        for position in 1...2 {
            pending.append(try Make.event(), position: CommitPosition(Int64(position)), atMost: 2, bytes: 10_000)
        }
        #expect(!pending.hasOverflowed && pending.events.count == 3)
        for position in 3...5 {
            pending.append(try Make.event(), position: CommitPosition(Int64(position)), atMost: 2, bytes: 10_000)
        }
        #expect(pending.hasOverflowed)
        for event in ephemeral[1...] { pending.append(event, position: nil, atMost: 2, bytes: 10_000) }
        #expect(pending.events.map(\.event) == ephemeral)
        #expect(pending.ephemeralBytes == ephemeral.reduce(0) { $0 + $1.json.count })
    }

    @Test("make room for others when they are deleted")
    func deletionMakesRoom() throws {
        let events = try (0..<3).map { try Make.event(content: "\($0)") }
        var pending = PendingEvents()
        for (position, event) in events.prefix(2).enumerated() {
            pending.append(event, position: CommitPosition(Int64(position)), atMost: 2, bytes: 10_000)
        }
        pending.remove([0])
        pending.append(events[2], position: CommitPosition(2), atMost: 2, bytes: 10_000)
        #expect(!pending.hasOverflowed)
        #expect(pending.events.map(\.event) == [events[1], events[2]])
    }

    @Test("are left to the database where they are large, or another process may have removed some")
    func bytes() throws {
        let large = try Make.event(content: String(repeating: "x", count: 6_000))
        let ephemeral = try Make.event(kind: 20_001)
        var pending = PendingEvents()
        for position in 1...2 {
            pending.append(large, position: CommitPosition(Int64(position)), atMost: 10, bytes: 10_000)
        }
        #expect(!pending.hasOverflowed && pending.events.count == 2)
        pending.append(large, position: CommitPosition(3), atMost: 10, bytes: 10_000)
        #expect(pending.hasOverflowed && pending.events.isEmpty)

        var doubted = PendingEvents()
        doubted.append(large, position: CommitPosition(1), atMost: 10, bytes: 10_000)
        doubted.append(ephemeral, position: nil, atMost: 10, bytes: 10_000)
        doubted.giveUpStored()
        #expect(doubted.hasOverflowed && doubted.events.map(\.event) == [ephemeral])
    }

    @Test("of a page that is read and waits, those that are removed meanwhile are known, and no others")
    func removals() {
        var removals = PageRemovals()
        removals.note([1, 2, 50])
        removals.hold([2, 3, 4])
        #expect(removals.removed == [2])
        removals.note([3, 60])
        #expect(removals.removed == [2, 3])
    }
}
