import Testing

@testable import Backends

@Suite struct PostgresURLTests {
    private static let password = "hunter2"

    @Test(arguments: [
        ("postgres://u:hunter2@h:1/db", "postgresql://u:***@h:1/db"),
        ("postgresql://u:hunter2@h1:1,h2:2/db?sslmode=require", "postgresql://u:***@h1:1,h2:2/db?sslmode=require"),
        ("postgres://h/db?user=u&password=hunter2", "postgresql://u:***@h/db"),
        ("postgres://u:hunter%32@[::1]:5/db", "postgresql://u:***@[::1]:5/db"),
        ("postgres://u@h/db?sslpassword=hunter2", "postgresql://u@h/db?sslpassword=***"),
        ("postgres:///db?host=/tmp", "postgresql:///tmp/db"),
        ("postgres://u:1?hunter2@h/db", "postgresql://u:***@h/db"),
        ("postgres://", "postgresql:///"),
    ])
    func `a description has no password`(text: String, description: String) throws {
        let url = try PostgresURL(text)
        #expect(url.description == description)
        #expect(!"\(url) \(String(reflecting: url))".contains(Self.password))
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!dumped.contains(Self.password))
    }

    @Test(arguments: [
        "", "hunter2", "sqlite:hunter2", "host=h password=hunter2", "postgres:hunter2", "http://u:hunter2@h/db",
        "postgres://u:hunter2@h/db?nonsense=1", "postgres://u:%zzhunter2@h/db", "postgres://u:hunter2@[::1/db",
        "postgres://u:hunter2@h:port/db", "postgres://u:hunter2@h:0/db", "postgres://u:hunter2@h:65536/db",
        "postgres://u:hunter2@h/db?sslmode=sometimes", "postgres://u:hunter2@h/db?target_session_attrs=nice",
        "postgres://u:x@hunter2@h/db", "postgres://u:1/hunter2@h/db", "postgres://u:1?x@hunter2@h/db",
        "postgres://u@h/db?password=a&hunter2", "postgres://u:hunter2%00@h/db", "postgres://u:hunter2\0@h/db",
        "postgres://u:hunter2@h1,h2/db?port=1,2,3", "postgres://u:hunter2@h1,h2/db?hostaddr=127.0.0.1",
        "postgres://u:hunter2@[]/db", "postgres://u:hunter2@h/db?a=b=hunter2",
    ])
    func `a URL that is not valid is refused without repeating it`(text: String) throws {
        let error = #expect(throws: StorageError.self) { try PostgresURL(text) }
        #expect(error.map { "\($0)".contains(Self.password) } == false)
        #expect(error.map { "\($0)".hasPrefix("the database postgres://… cannot be opened: its URL") } == true)
    }

    @Test func `what the URL does not say has a default`() throws {
        let attempt = try #require(PostgresURL("postgres://u@h/db").attempts(writing: false).first)
        #expect(attempt["application_name"] == "martlet")
        #expect(attempt["connect_timeout"] == "5")
        #expect(attempt["client_encoding"] == "UTF8")
        #expect(attempt["tcp_user_timeout"] == "10000")
        #expect(attempt["keepalives_idle"] == "5")
        #expect(attempt["target_session_attrs"] == nil)
        let named = try PostgresURL("postgres://u@h/db?application_name=x&connect_timeout=9")
        #expect(named.attempts(writing: false)[0]["application_name"] == "x")
        #expect(named.timeoutOfHost == .seconds(9))
        #expect(try PostgresURL("postgres://u@h/db?connect_timeout=0").timeoutOfHost == .seconds(5))
    }

    @Test func `each host is an attempt of its own, with its port`() throws {
        let url = try PostgresURL("postgres://u@a:1,b:2/db")
        let attempts = url.attempts(writing: false)
        #expect(attempts.map { $0["host"] } == ["a", "b"])
        #expect(attempts.map { $0["port"] } == ["1", "2"])
        #expect(attempts.allSatisfy { $0["target_session_attrs"] == "read-write" })
        let one = try PostgresURL("postgres://u@a,b/db?port=7&hostaddr=127.0.0.1,127.0.0.2")
        #expect(one.attempts(writing: false).map { $0["port"] } == ["7", "7"])
        #expect(one.attempts(writing: false).map { $0["hostaddr"] } == ["127.0.0.1", "127.0.0.2"])
    }

    @Test func `a session that writes takes only a server that can be written to`() throws {
        let url = try PostgresURL("postgres://u@a,b/db?target_session_attrs=prefer-standby")
        #expect(url.attempts(writing: true).map { $0["target_session_attrs"] } == ["read-write", "read-write"])
        #expect(
            url.attempts(writing: false).map { $0["target_session_attrs"] } == ["standby", "standby", "any", "any"]
        )
        #expect(try PostgresURL("postgres://a/db").attempts(writing: true)[0]["target_session_attrs"] == "read-write")
    }
}
