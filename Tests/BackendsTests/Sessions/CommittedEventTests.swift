import Nostr
import Testing

@testable import Backends

/// What was committed after a snapshot.
@Suite struct CommittedEventTests {
    @Test(arguments: Backend.allCases)
    func `events come in commit order, whatever their time`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = [5, 1, 9, 3].map { Event.sample(at: $0) }
        let before = try store.reader.snapshot()
        try store.storeAll(Array(events[..<2]))
        let between = try store.reader.snapshot()
        let rows = try store.storeAll(Array(events[2...]))
        let all = try store.reader.events(after: CommitCursor(after: before), atMost: 10)
        #expect(all.events.map(\.event) == events)
        #expect(all.events.map(\.position.row).suffix(2) == rows[...])
        #expect(try all.cursor.target == store.reader.snapshot() && all.isComplete)
        let later = try store.reader.events(after: CommitCursor(after: between), atMost: 10)
        #expect(later.events.map(\.position.row) == rows)
        #expect(later.events.allSatisfy { !between.includes($0.position.transaction) })
    }

    @Test(arguments: Backend.allCases)
    func `slices follow on each other without gap or repetition`(backend: Backend) throws {
        let store = try TestStore(backend)
        let before = try store.reader.snapshot()
        let rows = try store.storeAll((0..<20).map { .sample(content: "\($0)") })
        let removed = [1, 2, 3, 10, 19].map { rows[$0] }
        #expect(try store.writer.remove(positions: removed) == 5)
        for count in [1, 2, 5, 14, 15, 16, 100] {
            var cursor = CommitCursor(after: before)
            var seen: [Int64] = []
            var isComplete = false
            while !isComplete {
                let stretch = try store.reader.events(after: cursor, atMost: count)
                try #require(stretch.isComplete || stretch.cursor.last != cursor.last)
                #expect(stretch.events.count <= count)
                seen += stretch.events.map(\.position.row)
                (cursor, isComplete) = (stretch.cursor, stretch.isComplete)
            }
            #expect(seen == rows.filter { !removed.contains($0) })
            #expect(try cursor.target == store.reader.snapshot())
        }
    }

    @Test(arguments: Backend.allCases)
    func `a complete stretch reaches up to the last commit, even where its events are gone`(backend: Backend) throws {
        let store = try TestStore(backend)
        let before = try store.reader.snapshot()
        let empty = try store.reader.events(after: CommitCursor(after: before), atMost: 5)
        #expect(empty.events.isEmpty && empty.cursor.target == before && empty.isComplete)
        let rows = try store.storeAll((0..<5).map { .sample(content: "\($0)") })
        _ = try store.writer.remove(positions: rows)
        let gone = try store.reader.events(after: CommitCursor(after: before), atMost: 5)
        #expect(gone.events.isEmpty && gone.isComplete)
        #expect(try gone.cursor.target == store.reader.snapshot())
    }

    @Test(arguments: Backend.allCases)
    func `after what is yet to come there is nothing`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([.sample()])
        let now = try store.reader.snapshot()
        for snapshot in [now, Snapshot(through: now.ceiling + 6), Snapshot(through: .max)] {
            let stretch = try store.reader.events(after: CommitCursor(after: snapshot), atMost: 5)
            #expect(stretch.events.isEmpty && stretch.isComplete)
        }
    }

    @Test(arguments: Backend.allCases)
    func `asking for no events moves nothing on`(backend: Backend) throws {
        let store = try TestStore(backend)
        let before = try store.reader.snapshot()
        let rows = try store.storeAll([.sample(content: "a"), .sample(content: "b")])
        let stretch = try store.reader.events(after: CommitCursor(after: before), atMost: 0)
        #expect(stretch.events.isEmpty && !stretch.isComplete)
        #expect(try store.reader.events(after: stretch.cursor, atMost: 5).events.map(\.position.row) == rows)
    }

    @Test(arguments: Backend.allCases)
    func `a stretch of large events ends early, and the next one goes on behind it`(backend: Backend) throws {
        let store = try TestStore(backend)
        let before = try store.reader.snapshot()
        let text = String(repeating: "x", count: 100_000)
        let rows = try store.storeAll((0..<30).map { .sample(content: "\($0)\(text)") })
        var stretches = [try store.reader.events(after: CommitCursor(after: before), atMost: 500)]
        while let last = stretches.last, !last.isComplete, stretches.count < 30 {
            stretches.append(try store.reader.events(after: last.cursor, atMost: 500))
        }
        #expect(stretches.count > 2)
        #expect(stretches.flatMap(\.events).map(\.position.row) == rows)
        #expect(try stretches.last?.cursor.target == store.reader.snapshot())
    }
}
