import Testing

@testable import Backends

/// What sessions set, whatever the server, the role or the URL says.
@Suite(.needsPostgres) struct PostgresSettingTests {
    /// Settings of a session whose URL sets others.
    private static func settings(
        _ names: [String],
        _ role: PostgresRole,
        with options: [String] = []
    ) throws -> [String: String] {
        let fixture = try PostgresFixture()
        try fixture.node().openWriter().close()
        let words = options.map { "-c%20" + $0.replacing("=", with: "%3D").replacing(" ", with: "%5C%20") }
        let url = try PostgresServer.url(query: "options=" + words.joined(separator: "%20"))
        let link = try PostgresLink(url, node: PostgresNode(schema: fixture.schema), role: role)
        defer { link.close() }
        try link.wait(upTo: .seconds(30))
        var found: [String: String] = [:]
        for name in names {
            found[name] = try link.perform { connection, _ throws(StorageError) in try connection.value("SHOW \(name)")
            }
        }
        return found
    }

    @Test(arguments: [
        ("off", "on"), ("local", "on"), ("remote_write", "on"), ("on", "on"), ("remote_apply", "remote_apply"),
    ])
    func `a commit waits for the disk, and for standbys where it is to`(given: String, expected: String) throws {
        for role in [PostgresRole.writer, .reader, .follower] {
            let found = try Self.settings(["synchronous_commit"], role, with: ["synchronous_commit=\(given)"])
            #expect(found["synchronous_commit"] == expected)
        }
    }

    @Test func `what would change plans, isolation or limits is as we need it`() throws {
        let given = [
            "default_transaction_isolation=serializable", "enable_seqscan=on", "plan_cache_mode=force_custom_plan",
            "statement_timeout=1", "jit=on", "idle_in_transaction_session_timeout=0",
        ]
        let names = given.map { String($0.prefix { $0 != "=" }) } + ["default_transaction_read_only"]
        let found = try Self.settings(
            names,
            .writer,
            with: Array(given.dropFirst(0)).filter { !$0.hasPrefix("statement") }
        )
        #expect(found["default_transaction_isolation"] == "read committed")
        #expect(found["enable_seqscan"] == "off" && found["plan_cache_mode"] == "force_generic_plan")
        #expect(found["statement_timeout"] == "5s" && found["jit"] == "off")
        #expect(found["idle_in_transaction_session_timeout"] == "15s")
        #expect(found["default_transaction_read_only"] == "off")
        for role in [PostgresRole.reader, .follower] {
            #expect(try Self.settings(names, role)["default_transaction_read_only"] == "on")
        }
    }
}
