import Testing

@testable import Server

/// Every key against every type that YAML has.
struct ConfigurationTypesTests {
    @Test(arguments: ConfigurationKey.all.map(\.path))
    func `a section in place of a value is refused`(path: String) throws {
        for yaml in ["{}", "{a: b}", "{max: 1}", "[{a: b}]", "[[1]]", "[[]]", "[null]"] {
            try expectProblem(with: path, set: yaml)
        }
    }

    @Test(arguments: ConfigurationKey.all.filter { !$0.isList }.map(\.path))
    func `a list in place of one value is refused`(path: String) throws {
        for yaml in ["[]", "[none]", "[1]", "[1KiB, 2KiB]", "\n   - a\n   - b"] {
            try expectProblem(with: path, set: yaml)
        }
    }

    @Test(
        arguments: ConfigurationKey.all.filter { $0.expectation != ValueForm<Bool>.flag.expectation }.map(\.path)
    )
    func `a boolean in place of another value is refused`(path: String) throws {
        try expectProblem(with: path, set: "true")
        try expectProblem(with: path, set: "FALSE")
    }

    @Test(arguments: ConfigurationKey.all.map(\.path))
    func `a number that is not whole is refused`(path: String) throws {
        for yaml in ["1.5", "-1", "1e3", ".inf", ".nan", "0x10", "0o17", "+5", "99999999999999999999999999"] {
            try expectProblem(with: path, set: yaml)
        }
    }

    /// Keys for which any text will do.
    private static let texts = ["node", "access.relay_key_file"]

    @Test(arguments: ConfigurationKey.all.map(\.path).filter { !$0.hasPrefix("info.") && !Self.texts.contains($0) })
    func `text that means nothing is refused`(path: String) throws {
        for yaml in ["certainly not", "\"\"", "\"\\0\"", "\"\\n\"", "'15 m'", "yes", "|\n   a\n   b"] {
            try expectProblem(with: path, set: yaml)
        }
    }

    @Test(arguments: [
        "connections.compression", "rate_limits.enabled", "connections.max", "events.max_tags", "events.min_pow",
        "rate_limits.address.open_connections", "storage.readers",
    ])
    func `a boolean or a count in quotes is text`(path: String) throws {
        try expectProblem(with: path, set: "\"true\"")
        try expectProblem(with: path, set: "\"5\"")
    }

    @Test(arguments: ConfigurationKey.all.map(\.path))
    func `a very long text is refused or read, quickly`(path: String) {
        for filler in ["a", "9", "1,", "é", "[", "/", ":", "@", " ", "%"] {
            let text = ConfigurationText.setting(path, to: "'\(String(repeating: filler, count: 1000))'")
            #expect(text.problems.allSatisfy { $0.contains(path) && $0.count < 400 })
        }
    }

    @Test(arguments: ConfigurationKey.all.map(\.path))
    func `null keeps the default`(path: String) throws {
        for yaml in ["", "~", "null", "Null", "NULL"] {
            let effective = try ConfigurationText.setting(path, to: yaml).load()
            #expect(effective.configuration == Configuration())
            #expect(effective.origin(of: path) == .builtIn)
        }
    }

    @Test(arguments: [
        ("connections.max_message", "1KiB", "1023B"), ("connections.max_message", "256MiB", "257MiB"),
        ("connections.max", "1", "0"), ("connections.ping_interval", "1h", "1h1ms"),
        ("connections.ping_interval", "1s", "999ms"), ("connections.idle_timeout", "30d", "31d"),
        ("events.max_future", "0s", "36526d"), ("events.max_age", "1s", "0s"), ("events.min_pow", "256", "257"),
        ("subscriptions.max_limit", "100000", "100001"), ("storage.readers", "64", "65"), ("info.name", "'1'", "1"),
        ("info.relay_countries", "[CH]", "[CH, '']"), ("info.icon", "https://a/b", "wss://a/b"),
        ("url", "wss://a/b", "https://a/b"),
        ("url", "ws://a", "ws://a?b"), ("metrics.listen", "127.0.0.1:1", "unix:a"), ("log.level", "trace", "Info"),
        ("listen", "[a:1, b:1]", "[a:1, a:1]"), ("listen", "[a:1]", "[]"), ("events.kinds.allow", "[]", "[all]"),
        ("events.kinds.deny", "[1, 2-3]", "[1, none]"), ("info.description", "\"a\\nb\"", "\"a\\tb\""),
        ("info.name", "x", "\"a\\nb\""), ("access.relay_key_file", "a b", "\"\""),
        ("access.relay_key_file", "/a", "\"a\\0\""), ("trusted_proxies", "[]", "[none]"),
    ])
    func `a value in range is read and one beyond it is refused`(path: String, good: String, bad: String) throws {
        let problems = ConfigurationText.setting(path, to: good).problems
        #expect(problems.allSatisfy { $0.contains("must not be more than") }, "\(problems)")
        try expectProblem(with: path, set: bad)
    }

    /// Exactly one problem, with its line, which names the key and what it must be.
    private func expectProblem(with path: String, set yaml: String) throws {
        let problems = ConfigurationText.setting(path, to: yaml).problems
        let key = try #require(ConfigurationKey.byPath[path])
        let line = path.split(separator: ".").count
        #expect(problems.count == 1, "\(path): \(yaml): \(problems)")
        #expect(
            problems.first?.hasPrefix("martlet.yaml:\(line): \(path) must be \(key.expectation), but ") == true,
            "\(problems)"
        )
    }
}
