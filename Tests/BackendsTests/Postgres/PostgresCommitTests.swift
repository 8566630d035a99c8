import Foundation
import Nostr
import Testing

@testable import Backends

/// A COMMIT whose answer is lost.
@Suite(.needsPostgres) struct PostgresCommitTests {
    /// A node behind a proxy, which follows through it too, and another one that follows the straight way.
    private final class Nodes {
        let fixture: PostgresFixture
        let proxy: LoopbackProxy
        let writer: any StoreWriter
        let own: any StoreFollower
        let other: any StoreFollower
        private let teller: any StoreWriter

        init() throws {
            self.fixture = try PostgresFixture()
            self.proxy = try LoopbackProxy(.passing, to: PostgresServer.place())
            let here = try self.fixture.node(places: "127.0.0.1:\(self.proxy.port)", query: "sslmode=disable")
            let there = try self.fixture.node()
            self.writer = try here.openWriter()
            self.own = try #require(try here.openFollower())
            self.other = try #require(try there.openFollower())
            self.teller = try self.fixture.node().openWriter()
            try self.own.begin()
            try self.other.begin()
            _ = try self.writer.save([.sample(content: "before")])
            _ = try self.other.changes { !$0.events.isEmpty }
        }

        deinit {
            for follower in [self.own, self.other] { follower.close() }
            for writer in [self.writer, self.teller] { writer.close() }
            self.proxy.close()
        }

        /// What both followers tell up to now: that of the writer's node, and that of the other one.
        func told() throws -> (own: [Event], other: [Event]) {
            let mark = Event.sample(by: .sample(1_000), content: UUID().uuidString)
            _ = try self.teller.save([mark])
            return (try self.told(by: self.own, upTo: mark), try self.told(by: self.other, upTo: mark))
        }

        private func told(by follower: any StoreFollower, upTo mark: Event) throws -> [Event] {
            var events: [Event] = []
            for _ in 0..<3_000 where !events.contains(mark) {
                events += try follower.changesIfConnected(waiting: .milliseconds(10))?.events.map(\.event) ?? []
            }
            try #require(events.contains(mark))
            return events.filter { $0.pubkey != mark.pubkey }
        }
    }

    private static func waitUntil(_ proxy: LoopbackProxy, behaves behaviour: LoopbackProxy.Behaviour) throws {
        try PostgresServer.waitUntil { proxy.isStill(behaviour) }
    }

    @Test func `a commit that was made is found out, and its events are stored`() throws {
        let nodes = try Nodes()
        for round in 0..<3 {
            let events = (0..<3).map { Event.sample(content: "\(round) \($0)") }
            nodes.proxy.behave(.losingAnswer)
            let outcomes = try nodes.writer.save(events).outcomes
            #expect(nodes.proxy.isStill(.passing))
            #expect(outcomes.map(\.plain) == [.stored, .stored, .stored])
            let told = try nodes.told()
            #expect(told.own.isEmpty && told.other == events)
            #expect(try nodes.writer.save(events).outcomes.map(\.plain) == [.duplicate, .duplicate, .duplicate])
        }
    }

    @Test func `a commit that did not arrive is a failure, and nothing is stored`() throws {
        let nodes = try Nodes()
        for round in 0..<3 {
            let events = (0..<3).map { Event.sample(content: "\(round) \($0)") }
            nodes.proxy.behave(.losingCommit)
            #expect(throws: StorageError.self) { try nodes.writer.save(events) }
            #expect(nodes.proxy.isStill(.passing))
            let nothing = try nodes.told()
            #expect(nothing.own.isEmpty && nothing.other.isEmpty)
            #expect(try nodes.writer.save(events).outcomes.map(\.plain) == [.stored, .stored, .stored])
            let told = try nodes.told()
            #expect(told.own.isEmpty && told.other == events)
        }
    }

    @Test func `a commit that cannot be found out about in time is told by the node's own follower`() throws {
        let nodes = try Nodes()
        let events = (0..<3).map { Event.sample(content: "\($0)") }
        let proxy = nodes.proxy
        proxy.behave(.losingAnswer)
        Thread.detachNewThread {
            // As soon as the answer is lost the server is out of reach.
            while !proxy.isStill(.passing) { usleep(10) }
            proxy.behave(.closing)
        }
        #expect(throws: StorageError.self) { try nodes.writer.save(events) }
        try Self.waitUntil(proxy, behaves: .closing)
        proxy.behave(.passing)
        #expect(try nodes.fixture.value("SELECT count(*) FROM event WHERE kind = 1") == "4")
        let told = try nodes.told()
        #expect(told.own == events && told.other == events)
        let later = try nodes.told()
        #expect(later.own.isEmpty && later.other.isEmpty)
    }

    @Test func `what became of a removal is found out too`() throws {
        let nodes = try Nodes()
        let batch = [Event.sample(content: "a"), .sample(content: "b"), .sample(tags: [["expiration", "1"]])]
        let rows = try nodes.writer.save(batch).outcomes.compactMap(\.position)
        let count = "SELECT count(*) FROM event WHERE position = \(rows[1])"
        nodes.proxy.behave(.losingAnswer)
        #expect(try nodes.writer.remove(positions: [rows[0]]) == 1)
        nodes.proxy.behave(.losingAnswer)
        #expect(try nodes.writer.removeExpired(at: 5, atMost: 5).map(\.row) == [rows[2]])
        nodes.proxy.behave(.losingCommit)
        #expect(throws: StorageError.self) { try nodes.writer.remove(positions: [rows[1]]) }
        #expect(try nodes.fixture.value(count) == "1")
        #expect(try nodes.writer.remove(positions: [rows[1]]) == 1)
        #expect(try nodes.fixture.value(count) == "0")
        let told = try nodes.told()
        #expect(told.own.isEmpty)
    }

    @Test func `a commit whose events others have removed meanwhile was made`() throws {
        let nodes = try Nodes()
        let fixture = nodes.fixture
        // The events go with the transaction that stores them, as by another node right behind it.
        _ = try fixture.value(
            """
            CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                DELETE FROM event WHERE position = NEW.position; RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER vanish AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION vanish()
            """
        )
        nodes.proxy.behave(.losingAnswer)
        #expect(try nodes.writer.save([.sample(content: "gone")]).outcomes.map(\.plain) == [.stored])
        #expect(nodes.proxy.isStill(.passing))
        let told = try nodes.own.nextChanges(waiting: .zero)
        #expect(told.events.isEmpty)
    }
}
