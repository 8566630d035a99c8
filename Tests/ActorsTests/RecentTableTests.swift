import Nostr
import Testing

@testable import Actors

@Suite struct RecentTableTests {
    @Test func `of one hash the last four are kept`() {
        var table = RecentTable<Int>(count: 64, empty: 0)
        #expect(!table.contains(1, hash: 7))
        for entry in 1...4 { table.insert(entry, hash: 7) }
        #expect((1...4).allSatisfy { table.contains($0, hash: 7) })
        // Bucket 7 of 16.
        table.insert(5, hash: 23)
        #expect((0...6).filter { table.contains($0, hash: 7) } == [2, 3, 4, 5])
        #expect((0...6).filter { table.contains($0, hash: 8) } == [0])
    }

    @Test func `an entry that comes again is the newest, and takes one place`() {
        var table = RecentTable<Int>(count: 64, empty: 0)
        for entry in [1, 2, 3, 4, 1, 1, 3, 5] { table.insert(entry, hash: 0) }
        #expect((1...5).filter { table.contains($0, hash: 0) } == [1, 3, 4, 5])
    }

    @Test func `a table that is a tenth full has lost next to nothing`() {
        var recent = RecentEvents()
        let ids = (0..<26_000).map { EventID(SHA256.digest(Array("\($0)".utf8))) }
        for id in ids { recent.insert(id) }
        #expect(ids.count { recent.contains($0) } > 25_950)
        #expect(!recent.contains(EventID(SHA256.digest([]))))
    }

    @Test func `verified events are remembered with their signatures, of the kinds that are replaced`() throws {
        let verified = VerifiedEvents()
        let events = try ([0, 3, 10_002, 30_023, 1, 5, 20_001, 40_000] as [Kind]).map { try Make.event(kind: $0) }
        #expect(!events.contains { verified.contains($0) })
        verified.insert(events)
        #expect(events.filter { verified.contains($0) }.map(\.kind) == [0, 3, 10_002, 30_023])
        #expect(!verified.contains(try Make.forged(events[0])))
    }
}
