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
        "", "data/martlet.db", "postgres:/d", "postgres://u:p@h/d?nothing=1", "postgres://u:a/b@h/d", "mysql:x",
        "sqlite", "sqlite:", "sqlite::memory:", "sqlite:a\0b",
        "sqlite://data/martlet.db", "sqlite:" + String(repeating: "a", count: 5000),
    ])
    func `what this build cannot open is refused`(text: String) {
        #expect(throws: InvalidText.self) { try DatabaseLocation(parsing: text) }
    }

    @Test(arguments: [
        "postgres://martlet:s3cret@db.example.com/nostr", "postgresql://a,b:5433/nostr?target_session_attrs=read-write",
    ])
    func `a PostgreSQL database is a URL`(text: String) throws {
        #expect(try DatabaseLocation(parsing: text) == .postgres(url: text))
    }

    @Test func `a URL that is wrong is refused without its password`() {
        for url in ["mysql://martlet:s3cret@db/nostr", "postgres://martlet:s3cret@db/nostr?x=1"] {
            let problems = ConfigurationText(yaml: "database: \(url)").problems
            #expect(problems.count == 1 && !problems[0].contains("s3cret"), "\(problems)")
            #expect(problems[0].hasPrefix("martlet.yaml:1: database must be a database such as sqlite:data/martlet.db"))
        }
    }

    @Test func `a password is not shown`() throws {
        let text = ConfigurationText(yaml: "database: postgres://martlet:s3cret@db/nostr?password=s3cret")
        #expect(!(try text.load().rendered().contains("s3cret")))
    }
}
