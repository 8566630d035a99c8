import Nostr
import Testing

@testable import Backends

/// What the server does not take.
@Suite(.needsPostgres) struct PostgresRejectionTests {
    @Test func `events that the server refuses fail alone, in their places`() throws {
        let fixture = try PostgresFixture()
        let (here, there) = (try fixture.node(), try fixture.node())
        let writer = try here.openWriter()
        let own = try #require(try here.openFollower())
        let other = try #require(try there.openFollower())
        defer {
            writer.close()
            own.close()
            other.close()
        }
        try own.begin()
        try other.begin()
        _ = try fixture.value("ALTER TABLE event ADD CHECK (kind <> 666)")
        let bad: Set = [0, 23, 49]
        let events = (0..<50).map {
            Event.sample(by: .sample($0 % 7), kind: bad.contains($0) ? 666 : 1, content: "\($0)")
        }
        let outcomes = try writer.save(events).outcomes
        #expect(outcomes.count == 50)
        for (index, outcome) in outcomes.enumerated() {
            #expect(outcome.plain == (bad.contains(index) ? .failed : .stored), "\(index)")
        }
        #expect(
            try writer.save(events).outcomes.map(\.plain) == (0..<50).map { bad.contains($0) ? .failed : .duplicate }
        )
        #expect(try fixture.value("SELECT count(*) FROM event") == "47")
        let good = events.indices.filter { !bad.contains($0) }.map { events[$0].id }
        let told = try other.changes { $0.events.count >= 47 }.events
        #expect(told.map(\.event.id) == good)
        #expect(told.map(\.position) == outcomes.compactMap(\.commit))
        let foreign = Event.sample(content: "foreign")
        let writerThere = try there.openWriter()
        defer { writerThere.close() }
        _ = try writerThere.save([foreign])
        #expect(try own.changes { !$0.events.isEmpty }.events.map(\.event) == [foreign])
    }

    @Test func `a batch of nothing but refused events fails in every place`() throws {
        let fixture = try PostgresFixture()
        let writer = try fixture.node().openWriter()
        defer { writer.close() }
        _ = try fixture.value("ALTER TABLE event ADD CHECK (kind <> 666)")
        let outcomes = try writer.save((0..<5).map { .sample(kind: 666, content: "\($0)") }).outcomes
        #expect(outcomes == [SaveOutcome](repeating: .failed, count: 5))
        #expect(try writer.save([.sample()]).outcomes.map(\.plain) == [.stored])
    }

    @Test func `what a database that fails has said of some events is not taken back for others`() throws {
        let fixture = try PostgresFixture()
        let writer = try fixture.node().openWriter()
        defer { writer.close() }
        // Refuses a kind as bad, and fails at another one in a way that is nobody's fault.
        let body = """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.kind = 666 THEN RAISE check_violation; END IF;
                IF NEW.kind = 667 THEN RAISE insufficient_privilege; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER refuse AFTER INSERT ON event DEFERRABLE INITIALLY IMMEDIATE
                FOR EACH ROW EXECUTE FUNCTION refuse()
            """.replacing("CREATE TRIGGER", with: "CREATE CONSTRAINT TRIGGER")
        _ = try fixture.value(body)
        let first = Event.sample(content: "first", id: "00")
        // The first one in the order of ids is the one that is refused first.
        let refused = Event.sample(kind: 666, id: "01")
        let failing = [Event.sample(kind: 667, content: "a", id: "02"), .sample(kind: 667, content: "b", id: "03")]
        let outcomes = try writer.save([first, refused] + failing).outcomes
        #expect(outcomes.map(\.plain) == [.stored, .failed, .failed, .failed])
        #expect(throws: StorageError.self) { try writer.save(failing) }
        #expect(try fixture.value("SELECT count(*) FROM event") == "1")
    }
}
