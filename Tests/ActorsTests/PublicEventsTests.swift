import Backends
import Nostr
import TestSupport
import Testing

@testable import Actors

/// The shared set of a relay's events holds what is stored and public, whatever it hears, in whatever order.
@Suite struct PublicEventsTests {
    private static func mark(
        _ row: Int64,
        _ id: UInt64,
        at createdAt: Int64 = 100,
        kind: Kind = 1,
        expiresAt: Int64? = nil
    ) throws -> EventMark {
        let digits = String(id, radix: 16)
        let hex = String(repeating: "0", count: 64 - digits.count) + digits
        let event = try #require(EventID(hex: hex))
        return EventMark(row: row, id: event, createdAt: createdAt, kind: kind, expiresAt: expiresAt)
    }

    private static func ids(_ events: inout PublicEvents) -> [String] {
        let (snapshot, _) = events.current()
        return (0..<snapshot.count).map { String(snapshot[$0].id.hex.suffix(2)) }
    }

    @Test func `private kinds are not in it, and what expires goes at its second`() throws {
        var events = PublicEvents(privateKinds: [4, 1059], maximum: 10)
        events.insert(try Self.mark(1, 1))
        events.insert(try Self.mark(2, 2, kind: 4))
        events.insert(try Self.mark(3, 3, at: 90, expiresAt: 50))
        events.insert(try Self.mark(4, 4, at: 90, expiresAt: 51))
        events.expire(by: 49)
        #expect(Self.ids(&events) == ["03", "04", "01"])
        events.expire(by: 50)
        #expect(Self.ids(&events) == ["04", "01"])
        events.remove(row: 4)
        events.expire(by: 51)
        #expect(Self.ids(&events) == ["01"])
        #expect(events.fault == nil)
    }

    @Test func `what is told twice counts once, and what was removed before it was told never`() throws {
        var events = PublicEvents(privateKinds: [], maximum: 10)
        let mark = try Self.mark(7, 7)
        events.insert(mark)
        events.insert(mark)
        events.remove(row: 8)
        events.insert(try Self.mark(8, 8))
        #expect(Self.ids(&events) == ["07"])
        events.remove(row: 7)
        events.remove(row: 7)
        events.insert(mark)
        #expect(Self.ids(&events) == [] && events.fault == nil)
        // Stored once more under a new row, after a deletion by the operator.
        events.insert(try Self.mark(9, 7))
        #expect(Self.ids(&events) == ["07"])
    }

    @Test func `more than it may hold, and ids that cannot be told apart, make it useless`() throws {
        var events = PublicEvents(privateKinds: [], maximum: 2)
        for row in 1...3 { events.insert(try Self.mark(Int64(row), UInt64(row))) }
        #expect(events.fault == .tooMany)
        // One second, and one beginning of eight bytes.
        events = PublicEvents(privateKinds: [], maximum: 10)
        events.insert(try Self.mark(1, 1))
        events.insert(try Self.mark(2, 2))
        #expect(events.fault == nil && events.count == 2)
        events.remove(row: 1)
        #expect(events.fault == .doubtful)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `after any history it is the set that a reader would find`(
        seed: UInt64
    ) throws {
        var generator = SplitMix64(seed: seed)
        var events = PublicEvents(privateKinds: [4], maximum: 100_000)
        var stored: [Int64: EventMark] = [:]
        for row in 1...3_000 as ClosedRange<Int64> {
            let id = try #require(Bytes32(generator.bytes(32)))
            let mark = EventMark(
                row: row,
                id: EventID(id),
                createdAt: Int64(generator.below(50)),
                kind: generator.once(in: 10) ? 4 : 1,
                expiresAt: generator.once(in: 8) ? Int64(generator.below(60)) : nil
            )
            stored[row] = mark
            // Some are told late, some twice.
            if !generator.once(in: 10) { events.insert(mark) }
            if generator.once(in: 4) {
                let gone = Int64(1 + generator.below(Int(row)))
                events.remove(row: gone)
                if let late = stored.removeValue(forKey: gone) { events.insert(late) }
            }
        }
        for mark in stored.values { events.insert(mark) }
        for now in [0, 20, 40, 60] as [Int64] {
            events.expire(by: now)
            let expected = stored.values.filter { $0.kind == 1 && $0.expiresAt ?? .max > now }
            let vector = NegentropyVector(
                expected.map { NegentropyItem(timestamp: UInt64($0.createdAt), id: $0.id) }
            )
            let (snapshot, tree) = events.current()
            #expect(snapshot.count == expected.count && tree.count == expected.count)
            #expect(snapshot.fingerprint(of: 0..<snapshot.count) == vector.fingerprint(of: 0..<vector.count))
        }
        #expect(events.fault == nil)
    }
}
