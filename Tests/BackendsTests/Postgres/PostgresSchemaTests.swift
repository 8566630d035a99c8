import Nostr
import Testing

@testable import Backends

@Suite(.needsPostgres) struct PostgresSchemaTests {
    private static func failure(_ body: () throws -> Void) -> StorageError? {
        do {
            try body()
            return nil
        } catch {
            return error as? StorageError
        }
    }

    @Test func `nodes that start at once on an empty database make the schema once`() throws {
        for _ in 0..<3 {
            let fixture = try PostgresFixture()
            let nodes = try (0..<8).map { _ in try fixture.node() }
            let outcomes = try Threads.run(8) { number, meet in
                meet()
                let writer = try nodes[number].openWriter()
                defer { writer.close() }
                return try writer.save([.sample(content: "\(number)")]).outcomes
            }
            #expect(outcomes.flatMap(\.self).map(\.plain) == [SaveModel.Outcome](repeating: .stored, count: 8))
            #expect(try fixture.value("SELECT count(*) FROM schema_step") == "\(PostgresSchema.version)")
            #expect(try fixture.value("SELECT count(*) FROM meta") == "1")
            #expect(try fixture.value("SELECT count(*) FROM event") == "8")
        }
    }

    @Test func `a relay whose writer takes its time makes the schema before anybody reads`() throws {
        let fixture = try PostgresFixture()
        let node = try fixture.node(isPatient: true)
        let reader = try node.openReader()
        defer { reader.close() }
        #expect(throws: StorageError.self) { try reader.snapshot() }
        try node.openWriter().close()
        try PostgresServer.waitUntil { (try? reader.snapshot()) != nil }
    }

    @Test func `a schema of a newer version is refused and not touched`() throws {
        let fixture = try PostgresFixture()
        let node = try fixture.node()
        try node.openWriter().close()
        _ = try fixture.value("INSERT INTO schema_step (number) VALUES (99)")
        _ = try fixture.value("DROP TABLE tag")
        let expected = StorageError.newerSchema(
            path: "the PostgreSQL database",
            found: 99,
            known: PostgresSchema.version
        )
        #expect(Self.failure { _ = try node.openWriter() } == expected)
        #expect(Self.failure { _ = try node.openReader() } == expected)
        #expect(Self.failure { _ = try node.openFollower() } == expected)
        #expect(try fixture.value("SELECT count(*) FROM schema_step") == "\(PostgresSchema.version + 1)")
        #expect(try fixture.value("SELECT to_regclass('tag')") == nil)
    }

    @Test func `a session that only reads makes no schema`() throws {
        let fixture = try PostgresFixture()
        let node = try fixture.node()
        let expected = StorageError.olderSchema(
            path: "the PostgreSQL database",
            found: 0,
            known: PostgresSchema.version
        )
        #expect(Self.failure { _ = try node.openReader() } == expected)
        #expect(Self.failure { _ = try node.openFollower() } == expected)
        #expect(try fixture.value("SELECT to_regnamespace('\(fixture.schema.name)')") == nil)
        try node.openWriter().close()
        try node.openReader().close()
    }

    @Test func `a role that may not create says what it lacks, and takes what others made for it`() throws {
        let database = "d" + PostgresSchemaTests.name()
        let admin = try PostgresServer.connect()
        try admin.execute("CREATE DATABASE \(database)", timeout: .seconds(60))
        defer { try? admin.execute("DROP DATABASE \(database) WITH (FORCE)", timeout: .seconds(60)) }
        try admin.execute("REVOKE ALL ON DATABASE \(database) FROM PUBLIC, CURRENT_USER")
        try admin.execute("GRANT CONNECT, TEMPORARY ON DATABASE \(database) TO CURRENT_USER")
        let url = try PostgresServer.text(database: database)
        let node = try PostgresStore(url, isPatient: false)
        let error = try #require(Self.failure { _ = try node.openWriter() })
        #expect(error.description.contains("permission denied"), "\(error)")
        try admin.execute("GRANT CREATE ON DATABASE \(database) TO CURRENT_USER")
        let owner = try PostgresConnection.open(PostgresURL(url))
        try owner.execute("CREATE SCHEMA martlet")
        owner.close()
        try admin.execute("REVOKE CREATE ON DATABASE \(database) FROM CURRENT_USER")
        let writer = try node.openWriter()
        defer { writer.close() }
        #expect(try writer.save([.sample()]).outcomes.map(\.plain) == [.stored])
    }

    @Test func `a schema of somebody else is no place for tables`() throws {
        let node = try PostgresStore(
            PostgresServer.text(),
            isPatient: false,
            schema: PostgresSchema(name: "information_schema")
        )
        let error = try #require(Self.failure { _ = try node.openWriter() })
        #expect(error.description.contains("is not a database of Martlet"), "\(error)")
    }

    private static func name() -> String { "\(UInt64.random(in: .min ... .max))" }
}
