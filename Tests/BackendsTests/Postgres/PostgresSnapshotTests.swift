import Nostr
import TestSupport
import Testing

@testable import Backends

/// Several nodes' transactions are not committed in the order of their numbers.
@Suite(.needsPostgres) struct PostgresSnapshotTests {
    @Test func `what is committed later than its number says is in no page, and told afterwards, once`() throws {
        let fixture = try PostgresFixture()
        let (one, two) = (try fixture.node(), try fixture.node())
        let (writer, reader) = (try one.openWriter(), try two.openReader())
        let follower = try #require(try two.openFollower())
        defer {
            writer.close()
            reader.close()
            follower.close()
        }
        try follower.begin()
        let early = (0..<4).map { Event.sample(at: Int64($0)) }
        _ = try writer.save(early)
        let held = try fixture.connect()
        try held.execute("BEGIN")
        let slow = Event.sample(at: 2, content: "slow")
        let number = try fixture.insert(slow, held)
        let fast = Event.sample(at: 1, content: "fast")
        let stored = try #require(try writer.save([fast]).outcomes[0].commit)
        #expect(PostgresServer.number(stored.transaction) > number)

        var (page, query) = try reader.nextPage(of: .everything(), bounds: PageBounds(events: 1))
        var shown = page.ids
        let snapshot = try #require(query.snapshot)
        #expect(snapshot.includes(stored.transaction))
        let late = Event.sample(at: 3, content: "late")
        _ = try writer.save([late])
        try held.execute("COMMIT")
        while !page.isLast {
            (page, query) = try reader.nextPage(of: query, bounds: PageBounds(events: 1))
            shown += page.ids
        }
        #expect(shown == QueryModel(early + [fast]).answer([Filter()]))
        let rest = try reader.events(after: CommitCursor(after: snapshot), atMost: 10)
        #expect(rest.isComplete && rest.events.map(\.event) == [slow, late])
        let everything = try reader.events(after: CommitCursor(after: .empty), atMost: 10)
        #expect(everything.events.map(\.event) == early + [slow, fast, late])
        let told = try follower.changes { $0.events.count >= 7 }
        #expect(Set(told.events.map(\.event.id)) == Set((early + [slow, fast, late]).map(\.id)))
        #expect(told.events.count == 7)
    }

    @Test func `a transaction that is undone is never told`() throws {
        let fixture = try PostgresFixture()
        let (one, two) = (try fixture.node(), try fixture.node())
        let writer = try one.openWriter()
        let follower = try #require(try two.openFollower())
        defer {
            writer.close()
            follower.close()
        }
        try follower.begin()
        let held = try fixture.connect()
        try held.execute("BEGIN")
        _ = try fixture.insert(.sample(by: .sample(1)), held)
        let events = (0..<3).map { Event.sample(content: "\($0)") }
        _ = try writer.save([events[0]])
        #expect(try follower.changes { !$0.events.isEmpty }.events.map(\.event) == [events[0]])
        try held.execute("ROLLBACK")
        _ = try writer.save([events[1]])
        _ = try writer.save([events[2]])
        #expect(try follower.changes { $0.events.count >= 2 }.events.map(\.event) == Array(events[1...]))
    }

    @Test func `while a transaction lasts others are told page by page, and what it stored when it ends`() throws {
        let fixture = try PostgresFixture()
        let (one, two) = (try fixture.node(), try fixture.node())
        let (writer, own, reader) = (try one.openWriter(), try two.openWriter(), try two.openReader())
        let follower = try #require(try two.openFollower())
        defer {
            for session in [writer, own] { session.close() }
            reader.close()
            follower.close()
        }
        try follower.begin()
        let before = try reader.snapshot()
        let held = try (0..<3).map { _ in try fixture.connect() }
        var slow: [Event] = []
        for (number, connection) in held.enumerated() {
            try connection.execute("BEGIN")
            for index in 0..<5 {
                slow.append(.sample(by: .sample(50 + number), content: "\(index)"))
                _ = try fixture.insert(slow[slow.count - 1], connection)
            }
        }
        var fast: [Event] = []
        for batch in 0..<4 {
            let events = (0..<20).map { Event.sample(by: .sample(batch), content: "\($0)") }
            _ = try writer.save(events)
            _ = try own.save([.sample(by: .sample(40), content: "own \(batch)")])
            fast += events
            let told = try follower.changes { $0.events.count >= 20 }
            #expect(told.events.map(\.event) == events)
        }
        let between = try reader.snapshot()
        for connection in [held[1], held[0], held[2]] { try connection.execute("COMMIT") }
        let last = Event.sample(content: "last")
        _ = try writer.save([last])
        #expect(try follower.changes { $0.events.count >= 16 }.events.map(\.event) == slow + [last])
        for count in [1, 2, 7, 500] {
            for (snapshot, expected) in [(before, slow.count + fast.count + 5), (between, slow.count + 1)] {
                var cursor = CommitCursor(after: snapshot)
                var events: [Event] = []
                var isComplete = false
                while !isComplete {
                    let stretch = try reader.events(after: cursor, atMost: count)
                    #expect(stretch.events.count <= count)
                    events += stretch.events.map(\.event)
                    (cursor, isComplete) = (stretch.cursor, stretch.isComplete)
                }
                #expect(events.count == expected && Set(events.map(\.id)).count == expected)
                #expect(Array(events.prefix(15)) == slow && events.last == last)
            }
        }
    }

    @Test(arguments: [20_262_001, 20_262_002, 20_262_003] as [UInt64])
    func `in whatever order transactions end, history and what follows it are everything, once`(seed: UInt64) throws {
        let fixture = try PostgresFixture()
        let (one, two) = (try fixture.node(), try fixture.node())
        let (writer, reader) = (try one.openWriter(), try two.openReader())
        let follower = try #require(try two.openFollower())
        defer {
            writer.close()
            reader.close()
            follower.close()
        }
        try follower.begin()
        let strangers = try (0..<4).map { _ in try fixture.connect() }
        var open: [Int: [EventID]] = [:]
        var committed: Set<EventID> = []
        var histories: [(shown: [EventID], snapshot: Snapshot)] = []
        var heard: [EventID] = []
        var random = SplitMix64(seed: seed)
        for step in 0..<120 {
            let event = Event.sample(by: .sample(random.below(3)), at: Int64(random.below(20)), content: "\(step)")
            let stranger = random.below(strangers.count)
            switch (random.below(6), open[stranger]) {
            case (0, _):
                _ = try writer.save([event])
                committed.insert(event.id)
            case (1, _):
                let (page, query) = try reader.nextPage(of: .everything(), bounds: PageBounds(events: 5))
                // What is committed meanwhile is not in the pages that follow.
                let other = Event.sample(by: .sample(9), at: Int64(random.below(20)), content: "\(step)")
                _ = try writer.save([other])
                committed.insert(other.id)
                let rest = page.isLast ? [] : try reader.ids(answering: query, bounds: PageBounds(events: 7))
                histories.append((page.ids + rest, try #require(query.snapshot)))
            case (2, _): heard += try follower.nextChanges(waiting: .zero).events.map(\.event.id)
            case (3, let ids?):
                open[stranger] = nil
                let isUndone = random.once(in: 4)
                try strangers[stranger].execute(isUndone ? "ROLLBACK" : "COMMIT")
                if !isUndone { committed.formUnion(ids) }
            default:
                // A key that two transactions insert at once would make one of them wait.
                let own = Event.sample(by: .sample(20 + stranger), at: event.createdAt, content: "\(step)")
                if open[stranger] == nil { try strangers[stranger].execute("BEGIN") }
                _ = try fixture.insert(own, strangers[stranger])
                open[stranger, default: []].append(own.id)
            }
        }
        for (stranger, ids) in open {
            try strangers[stranger].execute("COMMIT")
            committed.formUnion(ids)
        }
        #expect(histories.count > 5 && committed.count > 40)
        for history in histories {
            var cursor = CommitCursor(after: history.snapshot)
            var all = history.shown
            var isComplete = false
            while !isComplete {
                let stretch = try reader.events(after: cursor, atMost: 6)
                all += stretch.events.map(\.event.id)
                (cursor, isComplete) = (stretch.cursor, stretch.isComplete)
            }
            #expect(all.count == committed.count && Set(all) == committed, "seed \(seed)")
        }
        heard += try follower.changes { heard.count + $0.events.count >= committed.count }.events.map(\.event.id)
        #expect(heard.count == committed.count && Set(heard) == committed, "seed \(seed)")
    }
}

extension PostgresServer {
    /// The server's number of a transaction.
    static func number(_ transaction: Int64) -> Int64 { Backends.PostgresServer.xid(transaction) }
}
