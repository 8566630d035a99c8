import Nostr
import Testing

@testable import Backends

/// Rows grow within a batch, and none is given twice; transactions follow on each other.
@Suite struct PositionTests {
    @Test(arguments: Backend.allCases)
    func `rows grow within a batch, and a later transaction is in no earlier snapshot`(backend: Backend) throws {
        let store = try TestStore(backend)
        var rows: [Int64] = []
        var snapshots = [try store.reader.snapshot()]
        for batch in 0..<4 {
            let stored = try store.commitAll((0..<3).map { .sample(content: "\(batch) \($0)") })
            #expect(stored.map(\.row) == Array(Set(stored.map(\.row))).sorted())
            rows += stored.map(\.row)
            let now = try store.reader.snapshot()
            for position in stored {
                #expect(now.includes(position.transaction))
                #expect(snapshots.allSatisfy { !$0.includes(position.transaction) })
            }
            snapshots.append(now)
        }
        #expect(Set(rows).count == 12 && rows.allSatisfy { $0 > 0 })
    }

    @Test(arguments: Backend.allCases)
    func `what is not stored has no position and takes none`(backend: Backend) throws {
        let store = try TestStore(backend)
        let note = Event.sample()
        let rows = try store.storeAll([note, .sample(kind: 0, at: 2)])
        let next = Event.sample(content: "next")
        let outcomes = try store.save(note, .sample(kind: 0, at: 1), next)
        #expect(outcomes.prefix(2) == [.duplicate, .superseded])
        let row = try #require(outcomes[2].position)
        #expect(!rows.contains(row))
        let page = try store.reader.pages(of: .of([.sample(ids: [next.id])]))
        #expect(page.flatMap(\.positions) == [row])
    }

    @Test(arguments: Backend.allCases)
    func `no row is given again after its event is removed`(backend: Backend) throws {
        let store = try TestStore(backend)
        var given = try store.storeAll((0..<3).map { .sample(content: "\($0)") })
        #expect(try store.writer.remove(positions: given) == 3)
        given += try store.storeAll([.sample(content: "4")])
        #expect(try store.writer.remove(positions: [given[3]]) == 1)
        try store.reopen()
        given += try store.storeAll([.sample(content: "5")])
        given += try store.storeAll([.sample(tags: [["expiration", "1"]])])
        #expect(try store.writer.removeExpired(at: 1, atMost: 9).map(\.row) == [given[5]])
        try store.reopen()
        given += try store.storeAll([.sample(content: "7")])
        #expect(Set(given).count == 7)
        #expect(try store.writer.remove(positions: Array(given[..<4])) == 0)
    }

    @Test(arguments: Backend.allCases)
    func `a version that replaces another takes a row of its own`(backend: Backend) throws {
        let store = try TestStore(backend)
        var given = try store.storeAll((0..<4).map { Event.sample(kind: 0, at: Int64($0)) })
        try store.reopen()
        given += try store.storeAll([.sample(kind: 0, at: 9)])
        #expect(Set(given).count == 5)
        #expect(try store.reader.pages(of: .everything()).flatMap(\.positions) == [given[4]])
    }
}
