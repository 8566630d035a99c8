import Testing

@testable import Server

struct DatabaseLocationTests {
    @Test(arguments: [
        ("sqlite:data/martlet.db", "data/martlet.db"), ("SQLite:/var/lib/martlet.db", "/var/lib/martlet.db"),
        ("sqlite:a b@c:d.db", "a b@c:d.db"),
    ])
    func `an SQLite database is a path`(text: String, path: String) throws {
        #expect(try DatabaseLocation(parsing: text) == .sqlite(path: path))
    }

    @Test(arguments: [
        "", "data/martlet.db", "postgres://u:p@h/d", "mysql:x", "sqlite", "sqlite:", "sqlite::memory:", "sqlite:a\0b",
        "sqlite://data/martlet.db", "sqlite:" + String(repeating: "a", count: 5000),
    ])
    func `what this build cannot open is refused`(text: String) {
        #expect(throws: InvalidText.self) { try DatabaseLocation(parsing: text) }
    }

    @Test func `another backend is refused with those there are, and without its password`() {
        let problems = ConfigurationText(yaml: "database: postgres://martlet:s3cret/p@ss@db.example.com/nostr").problems
        #expect(
            problems == [
                "martlet.yaml:1: database must be a database such as sqlite:data/martlet.db, but is "
                    + "\"postgres://martlet:***@db.example.com/nostr\": the backends of this build are: sqlite."
            ]
        )
    }
}
