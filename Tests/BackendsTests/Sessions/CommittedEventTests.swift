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
        let last = try store.commitAll(Array(events[2...]))
        let rows = last.map(\.row)
        let all = try store.reader.events(after: CommitCursor(after: before), atMost: 10)
        #expect(all.events.map(\.event) == events)
        #expect(all.events.map(\.position.row).suffix(2) == rows[...])
        #expect(all.isComplete && all.cursor.target?.includes(last[1].transaction) == true)
        let later = try store.reader.events(after: CommitCursor(after: between), atMost: 10)
        #expect(later.events.map(\.position.row) == rows)
        #expect(later.events.allSatisfy { !between.includes($0.position.transaction) })
    }

    @Test(arguments: Backend.allCases)
    func `slices follow on each other without gap or repetition`(backend: Backend) throws {
        let store = try TestStore(backend)
        let before = try store.reader.snapshot()
        let stored = try store.commitAll((0..<20).map { .sample(content: "\($0)") })
        let rows = stored.map(\.row)
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
            #expect(cursor.target?.includes(stored[19].transaction) == true)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a complete stretch reaches up to the last commit, even where its events are gone`(backend: Backend) throws {
        let store = try TestStore(backend)
        let before = try store.reader.snapshot()
        let empty = try store.reader.events(after: CommitCursor(after: before), atMost: 5)
        #expect(empty.events.isEmpty && empty.cursor.target != nil && empty.isComplete)
        let stored = try store.commitAll((0..<5).map { .sample(content: "\($0)") })
        #expect(empty.cursor.target?.includes(stored[0].transaction) == false)
        _ = try store.writer.remove(positions: stored.map(\.row))
        let gone = try store.reader.events(after: CommitCursor(after: before), atMost: 5)
        #expect(gone.events.isEmpty && gone.isComplete)
        #expect(gone.cursor.target?.includes(stored[0].transaction) == true)
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
        let stored = try store.commitAll((0..<30).map { .sample(content: "\($0)\(text)") })
        var stretches = [try store.reader.events(after: CommitCursor(after: before), atMost: 500)]
        while let last = stretches.last, !last.isComplete, stretches.count < 30 {
            stretches.append(try store.reader.events(after: last.cursor, atMost: 500))
        }
        #expect(stretches.count > 2)
        #expect(stretches.flatMap(\.events).map(\.position) == stored)
        #expect(stretches.last?.cursor.target?.includes(stored[0].transaction) == true)
    }
}
