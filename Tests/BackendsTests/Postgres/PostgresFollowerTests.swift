import Foundation
import Nostr
import TestSupport
import Testing

@testable import Backends

/// What one node hears of the others.
@Suite(.needsPostgres) struct PostgresFollowerTests {
    @Test func `ephemeral events of others are told in their order, own ones are not`() throws {
        let fixture = try PostgresFixture()
        let (here, there) = (try fixture.node(), try fixture.node())
        let (own, theirs) = (try here.openWriter(), try there.openWriter())
        let follower = try #require(try here.openFollower())
        let (ownVoice, theirVoice) = (
            try #require(try here.openAnnouncer()), try #require(try there.openAnnouncer())
        )
        defer {
            own.close()
            theirs.close()
            ownVoice.close()
            theirVoice.close()
            follower.close()
        }
        try follower.begin()
        try theirVoice.announce([])
        let text = String(repeating: "x", count: 100_000)
        let events = (0..<40).map { Event.sample(kind: 20_000, content: $0 < 5 ? "\($0)" : "\($0)\(text)") }
        for start in stride(from: 0, to: 40, by: 4) {
            try theirVoice.announce(Array(events[start..<start + 4]))
            try ownVoice.announce([.sample(kind: 20_001, content: "own \(start)")])
        }
        let told = try follower.changes { $0.ephemeral.count >= 40 }
        #expect(told.ephemeral == events)
        #expect(told.events.isEmpty && told.removedRows.isEmpty && !told.mayHaveRemovedOthers)
        // Once, and never stored.
        try theirVoice.announce([.sample(kind: 20_000, content: "last")])
        #expect(try follower.changes { !$0.ephemeral.isEmpty }.ephemeral.map(\.kind) == [20_000])
        #expect(try fixture.value("SELECT count(*) FROM event") == "0")
    }

    @Test func `more events than a look reads are all told, and that there are more`() throws {
        let fixture = try PostgresFixture()
        let (here, there) = (try fixture.node(), try fixture.node())
        let writer = try there.openWriter()
        let follower = try #require(try here.openFollower())
        defer {
            writer.close()
            follower.close()
        }
        try follower.begin()
        let events = (0..<1_300).map { Event.sample(content: "\($0)") }
        var rows: [CommitPosition] = []
        for start in stride(from: 0, to: 1_300, by: 650) {
            rows += try writer.save(Array(events[start..<start + 650])).outcomes.compactMap(\.commit)
        }
        var heard: [StoredEvent] = []
        var looks = 0
        while heard.count < 1_300, looks < 600 {
            let changes = try follower.nextChanges(waiting: .milliseconds(50))
            heard += changes.events
            looks += 1
            #expect(changes.hasMore == (changes.events.count == 500))
        }
        #expect(heard.map(\.position) == rows)
    }

    @Test func `removed rows are told, and that there are others where they are too many`() throws {
        let fixture = try PostgresFixture()
        let (here, there) = (try fixture.node(), try fixture.node())
        let writer = try there.openWriter()
        let follower = try #require(try here.openFollower())
        defer {
            writer.close()
            follower.close()
        }
        #expect(try !follower.nextChanges(waiting: .zero).mayHaveRemovedOthers)
        let rows = try writer.save((0..<702).map { .sample(content: "\($0)") }).outcomes.compactMap(\.position)
        #expect(try follower.changes { $0.events.count >= 702 }.removedRows.isEmpty)
        #expect(try writer.remove(positions: Array(rows[..<350])) == 350)
        let told = try follower.changes { !$0.removedRows.isEmpty || $0.mayHaveRemovedOthers }
        #expect(told.removedRows == Set(rows[..<350]) && !told.mayHaveRemovedOthers && told.events.isEmpty)
        #expect(try writer.remove(positions: Array(rows[350..<701])) == 351)
        let many = try follower.changes { !$0.removedRows.isEmpty || $0.mayHaveRemovedOthers }
        #expect(many.mayHaveRemovedOthers && many.removedRows.isEmpty)
        #expect(try writer.remove(positions: rows) == 1)
        let last = try follower.changes { !$0.removedRows.isEmpty || $0.mayHaveRemovedOthers }
        #expect(last.removedRows == [rows[701]] && !last.mayHaveRemovedOthers)
    }

    @Test(arguments: [false, true])
    func `after its connection was cut it goes on where it was`(isNewRun: Bool) throws {
        let fixture = try PostgresFixture()
        let name = "cut\(fixture.schema.name)"
        let here = try fixture.node(query: "application_name=\(name)")
        let there = try fixture.node()
        let writer = try there.openWriter()
        let follower = try #require(try here.openFollower())
        let voice = try #require(try there.openAnnouncer())
        defer {
            voice.close()
            writer.close()
            follower.close()
        }
        try follower.begin()
        var all = StoreChanges()
        var (events, ephemeral): ([Event], [Event]) = ([], [])
        for round in 0..<6 {
            for number in 0..<5 {
                let event = Event.sample(by: .sample(number), content: "\(round) \(number)")
                let passing = Event.sample(by: .sample(number), kind: 20_000, content: "\(round) \(number)")
                _ = try writer.save([event])
                try voice.announce([passing])
                events.append(event)
                ephemeral.append(passing)
                if number == 2 {
                    // A crash takes this row away, and another run of the server is met.
                    if isNewRun { _ = try fixture.value("DELETE FROM server_run") }
                    try fixture.cut(name)
                }
                if let changes = try follower.changesIfConnected(waiting: .milliseconds(20)) { all.add(changes) }
            }
        }
        var turns = 0
        while all.events.count < events.count || all.ephemeral.count < ephemeral.count, turns < 3_000 {
            turns += 1
            if let changes = try follower.changesIfConnected(waiting: .milliseconds(10)) { all.add(changes) }
        }
        #expect(all.events.map(\.event) == events)
        #expect(all.ephemeral == ephemeral)
        #expect(all.mayHaveRemovedOthers)
    }

    @Test func `what was stored before it began is not told when another server takes over`() throws {
        let fixture = try PostgresFixture()
        let name = "over\(fixture.schema.name)"
        let writer = try fixture.node().openWriter()
        defer { writer.close() }
        for round in 0..<5 { _ = try writer.save((0..<20).map { .sample(content: "\(round) \($0)") }) }
        let here = try fixture.node(query: "application_name=\(name)")
        let follower = try #require(try here.openFollower())
        defer { follower.close() }
        try follower.begin()
        let told = Event.sample(content: "told")
        _ = try writer.save([told])
        #expect(try follower.changes { !$0.events.isEmpty }.events.map(\.event) == [told])
        // A crash takes this row away, and with it what could be relied on.
        _ = try fixture.value("DELETE FROM server_run")
        try fixture.cut(name)
        let new = Event.sample(content: "new")
        _ = try writer.save([new])
        var all: [Event] = []
        for _ in 0..<3_000 where all.last != new {
            all += try follower.changesIfConnected(waiting: .milliseconds(10))?.events.map(\.event) ?? []
        }
        #expect(all == [new])
    }

    @Test func `an interruption ends a wait, and every later one`() throws {
        let fixture = try PostgresFixture()
        try fixture.node().openWriter().close()
        let follower = try #require(try fixture.node().openFollower())
        defer { follower.close() }
        try follower.begin()
        let interruption = follower.interruption
        Thread.detachNewThread {
            usleep(50_000)
            interruption()
        }
        _ = try follower.nextChanges(waiting: .seconds(3_600))
        _ = try follower.nextChanges(waiting: .seconds(3_600))
    }

    @Test func `nothing is read before the node follows, where it is to follow`() throws {
        let fixture = try PostgresFixture()
        let node = try fixture.node()
        let writer = try node.openWriter()
        let reader = try node.openReader()
        defer {
            writer.close()
            reader.close()
        }
        _ = try reader.snapshot()
        #expect(try reader.version() == nil)
        let link = try node.link(.follower)
        let follower = PostgresFollower(link, wakeUp: try WakeUp())
        defer { follower.close() }
        #expect(throws: StorageError.self) { try reader.snapshot() }
        #expect(throws: StorageError.self) { try reader.nextPage(of: .everything(), bounds: PageBounds()) }
        try follower.begin()
        _ = try reader.snapshot()
        let version = try #require(try reader.version())
        _ = try writer.save([.sample()])
        #expect(try reader.version() != version)
    }

    @Test func `what is no notice of a node is passed over`() throws {
        let fixture = try PostgresFixture()
        let (here, there) = (try fixture.node(), try fixture.node())
        let writer = try there.openWriter()
        let follower = try #require(try here.openFollower())
        defer {
            writer.close()
            follower.close()
        }
        try follower.begin()
        let channel = fixture.schema.name
        for payload in ["", "x", "x y", "x 1,y", " ", "a b c", "x 9223372036854775808", "\u{1F600} 1,,"] {
            _ = try fixture.value("SELECT pg_notify('\(channel)', '\(payload)')")
        }
        let event = Event.sample()
        _ = try writer.save([event])
        let told = try follower.changes { !$0.events.isEmpty }
        #expect(told.events.map(\.event) == [event] && told.removedRows.subtracting([1]).isEmpty)
    }
}
