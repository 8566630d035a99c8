import Nostr
import Testing

@testable import Backends

/// The stretch of the commit order after a position.
@Suite struct CommittedEventTests {
    @Test(arguments: Backend.allCases)
    func `events come in commit order, whatever their time`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = [5, 1, 9, 3].map { Event.sample(at: $0) }
        try store.storeAll(events)
        let all = try store.reader.events(after: 0, atMost: 10)
        #expect(all.events.map(\.event) == events)
        #expect(all.events.map(\.position) == [1, 2, 3, 4])
        #expect(all.lastPosition == 4 && all.isComplete)
        #expect(try store.reader.events(after: 2, atMost: 10).events.map(\.position) == [3, 4])
    }

    @Test(arguments: Backend.allCases)
    func `slices follow on each other without gap or repetition`(backend: Backend) throws {
        let store = try TestStore(backend)
        let positions = try store.storeAll((0..<20).map { .sample(content: "\($0)") })
        #expect(try store.writer.remove(positions: [2, 3, 4, 11, 20]) == 5)
        for count in [1, 2, 5, 14, 15, 16, 100] {
            var position: Int64 = 0
            var seen: [Int64] = []
            var isComplete = false
            while !isComplete {
                let stretch = try store.reader.events(after: position, atMost: count)
                try #require(stretch.isComplete || stretch.lastPosition > position)
                #expect(stretch.events.count <= count)
                seen += stretch.events.map(\.position)
                (position, isComplete) = (stretch.lastPosition, stretch.isComplete)
            }
            #expect(seen == positions.filter { ![2, 3, 4, 11, 20].contains($0) })
            #expect(position == 20)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a complete stretch reaches up to the last commit, even where its events are gone`(backend: Backend) throws {
        let store = try TestStore(backend)
        let empty = try store.reader.events(after: 0, atMost: 5)
        #expect(empty.events.isEmpty && empty.lastPosition == 0 && empty.isComplete)
        let positions = try store.storeAll((0..<5).map { .sample(content: "\($0)") })
        _ = try store.writer.remove(positions: positions)
        let gone = try store.reader.events(after: 1, atMost: 5)
        #expect(gone.events.isEmpty && gone.lastPosition == 5 && gone.isComplete)
    }

    @Test(arguments: Backend.allCases)
    func `after a position that is yet to come there is nothing, and the position stands`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([.sample()])
        for position in [1, 7, .max] as [Int64] {
            let stretch = try store.reader.events(after: position, atMost: 5)
            #expect(stretch.events.isEmpty && stretch.lastPosition == position && stretch.isComplete)
        }
    }

    @Test(arguments: Backend.allCases)
    func `asking for no events moves nothing on`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([.sample(content: "a"), .sample(content: "b")])
        let stretch = try store.reader.events(after: 1, atMost: 0)
        #expect(stretch.events.isEmpty && stretch.lastPosition == 1 && !stretch.isComplete)
    }

    @Test(arguments: Backend.allCases)
    func `a stretch of large events ends early, and the next one goes on behind it`(backend: Backend) throws {
        let store = try TestStore(backend)
        let text = String(repeating: "x", count: 100_000)
        let positions = try store.storeAll((0..<30).map { .sample(content: "\($0)\(text)") })
        var stretches = [try store.reader.events(after: 0, atMost: 500)]
        while let last = stretches.last, !last.isComplete, stretches.count < 30 {
            stretches.append(try store.reader.events(after: last.lastPosition, atMost: 500))
        }
        #expect(stretches.count > 2)
        #expect(stretches.flatMap(\.events).map(\.position) == positions)
        #expect(stretches.last?.lastPosition == 30)
    }
}
