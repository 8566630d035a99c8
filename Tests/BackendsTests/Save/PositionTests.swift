import Nostr
import Testing

@testable import Backends

/// Commit positions only grow, and no number is given twice.
@Suite struct PositionTests {
    @Test(arguments: Backend.allCases)
    func `positions count up within a batch and across batches`(backend: Backend) throws {
        let store = try TestStore(backend)
        #expect(try store.storeAll((0..<3).map { .sample(content: "a\($0)") }) == [1, 2, 3])
        #expect(try store.storeAll((0..<2).map { .sample(content: "b\($0)") }) == [4, 5])
    }

    @Test(arguments: Backend.allCases)
    func `what is not stored takes no position`(backend: Backend) throws {
        let store = try TestStore(backend)
        let note = Event.sample()
        let profile = Event.sample(kind: 0, at: 2)
        try store.save(note, profile)
        #expect(
            try store.save(note, .sample(kind: 0, at: 1), .sample(content: "next")) == [
                .duplicate, .superseded, .stored(position: 3),
            ]
        )
    }

    @Test(arguments: Backend.allCases)
    func `the position of the newest event is not used again after it is removed`(backend: Backend) throws {
        let store = try TestStore(backend)
        let positions = try store.storeAll((0..<3).map { .sample(content: "\($0)") })
        #expect(try store.writer.remove(positions: positions) == 3)
        #expect(try store.storeAll([.sample(content: "4")]) == [4])
        #expect(try store.writer.remove(positions: [4]) == 1)
        try store.reopen()
        #expect(try store.storeAll([.sample(content: "5")]) == [5])
        let expiring = Event.sample(tags: [["expiration", "1"]])
        #expect(try store.storeAll([expiring]) == [6])
        #expect(try store.writer.removeExpired(at: 1, atMost: 9).map(\.row) == [6])
        try store.reopen()
        #expect(try store.storeAll([.sample(content: "7")]) == [7])
    }

    @Test(arguments: Backend.allCases)
    func `a version that replaces another takes the next position`(backend: Backend) throws {
        let store = try TestStore(backend)
        let versions = (0..<4).map { Event.sample(kind: 0, at: Int64($0)) }
        #expect(try store.storeAll(versions) == [1, 2, 3, 4])
        try store.reopen()
        #expect(try store.storeAll([.sample(kind: 0, at: 9)]) == [5])
        #expect(try store.reader.pages(of: .everything()).flatMap(\.positions) == [5])
    }
}
