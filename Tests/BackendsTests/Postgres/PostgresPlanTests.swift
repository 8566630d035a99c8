import Nostr
import Testing

@testable import Backends

/// Every statement goes by indexes, whatever the planner knows or does not know of the tables.
@Suite(.needsPostgres) struct PostgresPlanTests {
    /// Events that the tables hold.
    private static let events = 200_000

    private static let statements: [(role: PostgresRole, name: String, statement: PostgresStatement)] = {
        var all: [(PostgresRole, String, PostgresStatement)] = [
            (.reader, "authors", PostgresReadStatements.authors), (.reader, "kinds", PostgresReadStatements.kinds),
            (.reader, "entriesByID", PostgresReadStatements.entriesByID),
            (.reader, "rowsByID", PostgresReadStatements.rowsByID),
            (.reader, "rowsByPosition", PostgresReadStatements.rowsByPosition),
            (.reader, "versions", PostgresReadStatements.versions),
            (.reader, "superseding", PostgresReadStatements.superseding),
            (.reader, "committed", PostgresReadStatements.committed),
            (.reader, "tally of authors", PostgresCountStatements.tallies.author),
            (.reader, "tally of kinds", PostgresCountStatements.tallies.kind),
            (.reader, "tally of everything", PostgresCountStatements.tallies.time),
            (.reader, "expired", PostgresCountStatements.expired),
            (.reader, "stored kinds", PostgresCountStatements.kinds),
            (.reader, "positions", PostgresCountStatements.positions),
            (.follower, "events", PostgresFollowStatements.events),
            (.follower, "ephemeral", PostgresFollowStatements.ephemeral),
            (.follower, "last", PostgresFollowStatements.last),
            (.follower, "ofTransaction", PostgresFollowStatements.ofTransaction),
            (.writer, "authors", PostgresReadStatements.authors),
            (.writer, "insertAuthors", PostgresWriteStatements.insertAuthors),
            (.writer, "questions", PostgresWriteStatements.questions),
            (.writer, "deleteEvents", PostgresWriteStatements.deleteEvents),
            (.writer, "deleteExpired", PostgresWriteStatements.deleteExpired),
            (.writer, "deleteTags", PostgresWriteStatements.deleteTags),
            (.writer, "insert", PostgresWriteStatements.insert),
            (.writer, "storedBy", PostgresWriteStatements.storedBy),
            (.writer, "announce", PostgresWriteStatements.announce),
            (.writer, "vanish", PostgresVanishStatements.vanish),
            (.writer, "tasks", PostgresVanishStatements.tasks),
            (.writer, "nextTask", PostgresVanishStatements.nextTask),
            (.writer, "updateTask", PostgresVanishStatements.updateTask),
            (.writer, "deleteTask", PostgresVanishStatements.deleteTask),
            (.writer, "deleteWritten", PostgresVanishStatements.deleteWritten),
            (.writer, "received", PostgresVanishStatements.received),
        ]
        for direction in [StoredQuery.Direction.newestFirst, .oldestFirst] {
            let ofKinds = PostgresStreamStatements.rowsOfKinds.statement(direction)
            all.append((.reader, "rows of kinds \(direction)", ofKinds))
            for (kind, set) in [
                ("entries", PostgresStreamStatements.entries), ("rows", PostgresStreamStatements.rows),
            ] {
                for (name, walk) in [
                    ("author", set.author), ("kind", set.kind), ("time", set.time), ("tag", set.tag),
                ] {
                    all.append((.reader, "\(kind) \(name) \(direction)", walk.statement(direction)))
                }
            }
        }
        return all
    }()

    /// Fills the tables as a busy relay does: few authors write much, tags are of few values.
    private static let filling = """
        INSERT INTO author (pubkey) SELECT sha256(('a' || n)::bytea) FROM generate_series(1, 2000) AS n;
        INSERT INTO event (position, id, author, kind, created_at, tie, expires_at, identifier, json)
        SELECT n, sha256(n::text::bytea), 1 + n::int8 * n % 2000, CASE WHEN n % 50 = 0 THEN 30023 ELSE n % 8 + 1 END,
            1700000000 + n / 4, hashint4(n), CASE WHEN n % 20 = 0 THEN 1800000000 + n END,
            CASE WHEN n % 50 = 0 THEN sha256(('d' || n)::bytea) END, convert_to(repeat('x', 200), 'UTF8')
        FROM generate_series(1, \(Self.events)) AS n;
        INSERT INTO tag (hash, created_at, position, tie, kind)
        SELECT hashint8extended(position % 500, 1), created_at, position, tie, kind FROM event
        """

    /// Connections of each role with all statements prepared.
    private static func connections(_ fixture: PostgresFixture) throws -> [PostgresConnection] {
        try [PostgresRole.reader, .follower, .writer].map { role in
            let connection = try PostgresServer.connect()
            try connection.execute(PostgresRole.common)
            try connection.execute("SET search_path = \(fixture.schema.name); " + role.settings(fixture.schema))
            for (index, entry) in Self.statements.enumerated() where entry.role == role {
                try connection.execute("PREPARE p\(index) AS \(entry.statement.sql)")
            }
            return connection
        }
    }

    private static func plans(_ connections: [PostgresConnection]) throws -> [(name: String, plan: PostgresPlan)] {
        try Self.statements.enumerated().map { index, entry in
            let roles = [PostgresRole.reader, .follower, .writer]
            let connection = connections[roles.firstIndex(of: entry.role) ?? 0]
            let count = (1...40).last { entry.statement.sql.contains("$\($0)::") } ?? 0
            let nulls = count == 0 ? "" : "(" + (0..<count).map { _ in "NULL" }.joined(separator: ", ") + ")"
            let json = try connection.value("EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE p\(index)\(nulls)")
            return ("\(entry.role) \(entry.name)", try PostgresPlan(#require(json)))
        }
    }

    @Test func `no statement looks at a whole table or sorts without bounds`() throws {
        let fixture = try PostgresFixture()
        try fixture.node().openWriter().close()
        let early = try Self.connections(fixture)
        var found = try Self.plans(early).map { ("empty, " + $0.name, $0.plan) }
        let owner = try fixture.connect()
        try owner.execute(Self.filling, timeout: .seconds(120))
        found += try Self.plans(early).map { ("made while empty, " + $0.name, $0.plan) }
        found += try Self.plans(Self.connections(fixture)).map { ("not analysed, " + $0.name, $0.plan) }
        try owner.execute("VACUUM ANALYZE event", timeout: .seconds(60))
        try owner.execute("VACUUM ANALYZE tag", timeout: .seconds(60))
        try owner.execute("ANALYZE", timeout: .seconds(60))
        found += try Self.plans(Self.connections(fixture)).map { ("analysed, " + $0.name, $0.plan) }
        found += try Self.plans(early).map { ("made while empty, then analysed, " + $0.name, $0.plan) }
        for (name, plan) in found { #expect(plan.faults.isEmpty, "\(name): \(plan.faults)\n\(plan)") }
    }

    @Test func `a plan that is bad is found to be`() throws {
        let fixture = try PostgresFixture()
        try fixture.node().openWriter().close()
        let connection = try fixture.connect()
        try connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        for sql in [
            "SELECT * FROM event WHERE json = '\\x00'", "SELECT * FROM event WHERE author = 1 ORDER BY json",
            "SELECT * FROM event ORDER BY created_at", "SELECT * FROM tag WHERE kind = 1",
            "SELECT * FROM event WHERE author = 1 AND kind = 1 ORDER BY position LIMIT 5",
        ] {
            let json = try connection.value("EXPLAIN (FORMAT JSON, COSTS OFF) \(sql)")
            #expect(try !PostgresPlan(#require(json)).faults.isEmpty, "\(sql): \(json ?? "")")
        }
    }
}
