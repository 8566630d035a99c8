import Nostr
import Testing

@testable import Backends

@Suite struct EventTieTests {
    private static func id(_ digits: String) -> EventID { Event.sample(id: digits).id }

    @Test func `ties descend as ids ascend, across the sign as well`() {
        let digits = ["00000000", "00000001", "0000ffff", "7fffffff", "80000000", "80000001", "fffffffe", "ffffffff"]
        let ties = digits.map { Self.id($0).tie }
        #expect(ties == ties.sorted(by: >))
        #expect(Set(ties).count == ties.count)
        #expect(ties.first == Int64(Int32.max))
        #expect(ties.last == Int64(Int32.min))
    }

    @Test func `ids that share 32 bits share a tie, and those that share 64 an index prefix`() {
        let (one, other) = (
            Event.sample(content: "a", id: "89abcdef").id, Event.sample(content: "b", id: "89abcdef").id
        )
        #expect(one.tie == other.tie && one.indexPrefix != other.indexPrefix)
        let long = "89abcdef01234567"
        #expect(
            Event.sample(content: "a", id: long).id.indexPrefix == Event.sample(content: "b", id: long).id.indexPrefix
        )
        #expect(Self.id("ffffffffffffffff").indexPrefix == -1)
        #expect(Self.id("0000000000000001").indexPrefix == 1)
    }

    @Test(arguments: [20_261_301] as [UInt64])
    func `entries are ordered as their events are`(seed: UInt64) {
        var random = RandomEvents(seed: seed)
        let events = (0..<200).map { _ in random.event() }
        for one in events {
            for other in events where one.id != other.id {
                let entries = [one, other].map { IndexEntry(createdAt: $0.createdAt, tie: $0.id.tie, position: 1) }
                guard !entries[0].ties(with: entries[1]) else { continue }
                let isFirst = one.createdAt != other.createdAt ? one.createdAt > other.createdAt : one.id < other.id
                #expect(entries[0].isNewer(than: entries[1]) == isFirst, "seed \(seed)")
                #expect(entries[1].isNewer(than: entries[0]) == !isFirst)
            }
        }
    }

    @Test func `no entry is newer than itself, and the bounds are beyond every entry`() {
        let entry = IndexEntry(createdAt: 5, tie: Int64(Int32.max), position: 7)
        #expect(!entry.isNewer(than: entry))
        #expect(IndexEntry.newest.isNewer(than: entry))
        #expect(entry.isNewer(than: .oldest))
        #expect(entry.ties(with: IndexEntry(createdAt: 5, tie: Int64(Int32.max), position: 8)))
    }
}
