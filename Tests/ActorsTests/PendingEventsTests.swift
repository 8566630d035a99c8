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
        pending.append(first, position: 1, atMost: 10)
        pending.append(second, position: 2, atMost: 10)
        pending.remove([first.id])
        #expect(pending.events.map(\.event) == [second])
        #expect(!pending.hasOverflowed)
    }

    @Test("beyond the limit are left to the database, but for ephemeral ones, which it does not have")
    func overflow() throws {
        let ephemeral = try Make.event(kind: 20_001)
        var pending = PendingEvents()
        pending.append(ephemeral, position: nil, atMost: 2)
        for position in 1...5 { pending.append(try Make.event(), position: Int64(position), atMost: 2) }
        #expect(pending.hasOverflowed)
        #expect(pending.events.map(\.event) == [ephemeral])
    }
}
