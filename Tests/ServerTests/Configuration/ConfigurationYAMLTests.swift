import Nostr
import Testing

@testable import Server

struct ConfigurationYAMLTests {
    @Test func `every key is read, with its line`() throws {
        let hex = String(repeating: "0f", count: 32)
        let effective = try ConfigurationText(
            yaml: """
                listen: ["127.0.0.1:7777", "[::1]:7777", unix:data/martlet.sock]
                url: wss://relay.example.com/nostr
                database: sqlite:/var/lib/martlet.db
                trusted_proxies:
                  - 10.0.0.0/8
                  - "::1"
                info:
                  name: "1984"
                  description: |
                    For friends.
                    Be kind.
                  pubkey: \(hex)
                  contact: mailto:operator@example.com
                  icon: https://example.com/icon.png
                  relay_countries: [CH, "NO"]
                  tags: sfw-only
                connections: {max_message: 2MiB, compression: false, compression_context: 4KiB, idle_timeout: none}
                events:
                  max_age: 365d
                  kinds:
                    allow: [0, 1, 30000-39999]
                    deny: 4
                  min_pow: 16
                access: {private_kinds: none}
                rate_limits:
                  connection: {messages: none, events: 20/s burst 100}
                  address: {open_connections: none}
                metrics: {allow: none, listen: 127.0.0.1:9090}
                log: {level: debug, format: json}
                """
        ).load()
        var expected = Configuration()
        expected.listen = [
            .tcp(host: "127.0.0.1", port: 7777), .tcp(host: "::1", port: 7777), .unix(path: "data/martlet.sock"),
        ]
        expected.url = try AbsoluteURL(parsing: "wss://relay.example.com/nostr", schemes: ["wss"])
        expected.database = .sqlite(path: "/var/lib/martlet.db")
        expected.trustedProxies = [try Network(parsing: "10.0.0.0/8"), .loopbackV6]
        expected.info.name = "1984"
        expected.info.description = "For friends.\nBe kind."
        expected.info.pubkey = try PublicKey(userInput: hex)
        expected.info.contact = "mailto:operator@example.com"
        expected.info.icon = try AbsoluteURL(parsing: "https://example.com/icon.png", schemes: ["https"])
        expected.info.relayCountries = ["CH", "NO"]
        expected.info.tags = ["sfw-only"]
        expected.connections.maxMessage = 2 << 20
        expected.connections.compression = false
        expected.connections.compressionContext = 4_096
        expected.connections.idleTimeout = nil
        expected.events.maxAge = .days(365)
        expected.events.allowedKinds = KindSet([0...1, 30000...39999])
        expected.events.deniedKinds = KindSet([4...4])
        expected.events.minPow = 16
        expected.access.privateKinds = .none
        expected.rateLimits.connectionMessages = nil
        expected.rateLimits.connectionEvents = Rate(count: 20, per: .second, burst: 100)
        expected.rateLimits.addressOpenConnections = nil
        expected.metrics.allow = []
        expected.metrics.listen = .tcp(host: "127.0.0.1", port: 9090)
        expected.log.level = .debug
        expected.log.format = .json
        #expect(effective.configuration == expected)
        #expect(effective.origin(of: "listen") == .file(path: "martlet.yaml", line: 1))
        #expect(effective.origin(of: "events.kinds.deny") == .file(path: "martlet.yaml", line: 22))
        #expect(effective.origin(of: "connections.max") == .builtIn)
    }

    @Test func `every problem of a file is reported, in its order`() {
        let text = ConfigurationText(
            yaml: """
                listen: 127.0.0.1
                events:
                  max_aeg: 365d
                  max_age: 365
                  kinds: 5
                  max_tags: many
                lgo: {level: info}
                listen: 127.0.0.1:7777
                events.max_size: 1KiB
                subscriptions: {default_limit: 2000}
                """
        )
        #expect(
            text.problems == [
                "martlet.yaml:1: listen must be a list of up to 16 addresses such as 127.0.0.1:7777, [::1]:7777 or "
                    + "unix:data/martlet.sock, but holds \"127.0.0.1\": the port is missing.",
                "martlet.yaml:3: events.max_aeg is not a key; did you mean events.max_age?",
                "martlet.yaml:4: events.max_age must be a duration from 1s to 36525d, such as 30s, 15m or 1h30m, or "
                    + "none, but is 365: the unit is missing.",
                "martlet.yaml:5: events.kinds must be a section of keys with values.",
                "martlet.yaml:6: events.max_tags must be a whole number from 1 to 100000, but is \"many\".",
                "martlet.yaml:7: lgo is not a key; did you mean log?",
                "martlet.yaml:8: listen is given twice; the first is in line 1.",
                "martlet.yaml:9: write events.max_size as max_size in the section events.",
                "martlet.yaml:10: subscriptions.default_limit (2000, martlet.yaml:10) must not be more than "
                    + "subscriptions.max_limit (1000, default).",
            ]
        )
    }

    @Test(arguments: [
        ("a", "martlet.yaml:1: a configuration is keys with values, such as log: {level: info}."),
        ("- listen\n- url", "martlet.yaml:1: a configuration is keys with values, such as log: {level: info}."),
        ("log: [a]", "martlet.yaml:1: log must be a section of keys with values."),
        ("log: 5", "martlet.yaml:1: log must be a section of keys with values."),
        ("? [a]\n: b", "martlet.yaml:1: the name of a key must be a plain word."),
        ("events: {kinds.allow: 1}", "martlet.yaml:1: write events.kinds.allow as allow in the section events.kinds."),
        ("events.kinds: {allow: 1}", "martlet.yaml:1: write events.kinds as kinds in the section events."),
        ("log:\n  level: &x info", "martlet.yaml:2: log.level has a tag or an anchor of YAML, which are not read."),
        ("log:\n  level: !!str info", "martlet.yaml:2: log.level has a tag or an anchor of YAML, which are not read."),
        ("log: !a {level: info}", "martlet.yaml:1: log has a tag or an anchor of YAML, which are not read."),
        (
            "info: {tags: [a, !!str b]}",
            "martlet.yaml:1: info.tags has a tag or an anchor of YAML, which are not read."
        ),
        ("&x log: {level: info}", "martlet.yaml:1: the name of a key must be a plain word."),
        ("info: {name: a}\n\ninfo: {name: b}", "martlet.yaml:3: info is given twice; the first is in line 1."),
        ("log: {level: info, level: info}", "martlet.yaml:1: a section has a key twice: level."),
        ("info:\n  <<: {name: a}\n", "martlet.yaml:2: info.<< is not a key; the nearest is info."),
    ])
    func `a shape that is no configuration is refused`(yaml: String, problem: String) {
        #expect(ConfigurationText(yaml: yaml).problems.first == problem)
    }

    @Test(arguments: [
        (
            "log: {level: info",
            "martlet.yaml:2: this is not valid YAML: did not find expected ',' or '}', while parsing a flow mapping "
                + "(put text with [, ], { or } in quotes)."
        ),
        (
            "log:\n\tlevel: info",
            "martlet.yaml:2: this is not valid YAML: found character that cannot start any token, while scanning for "
                + "the next token (indent with spaces; put text that begins with @, ` or % in quotes)."
        ),
        (
            "listen: [::1]:7777",
            "martlet.yaml:1: this is not valid YAML: did not find expected node content, while parsing a flow node "
                + "(put text with [, ], { or } in quotes)."
        ),
        (
            "log:\n  level: info\nurl none\n",
            "martlet.yaml:4: this is not valid YAML: could not find expected ':', while scanning a simple key."
        ),
        (repeatElement("[", count: 2000).joined(), "martlet.yaml:1: this is not valid YAML: it is nested too deeply."),
        (
            "---\n---\n",
            """
            martlet.yaml:2: this is not valid YAML: but found another document, expected a single document in the \
            stream.
            """
        ),
        (
            "a: 'b",
            "martlet.yaml:1: this is not valid YAML: found unexpected end of stream, while scanning a quoted scalar."
        ),
        ("a: *b", "martlet.yaml:1: this is not valid YAML: found undefined alias."),
        ("a: 1\nb: \0", "martlet.yaml:2: the character U+0 is not allowed."),
        ("a: 1\nb: \u{7}", "martlet.yaml:2: the character U+7 is not allowed."),
        ("a: &b 1\nc: *b", "martlet.yaml:2: aliases are not read; write the value of *b."),
    ])
    func `what is no YAML is refused with its line`(yaml: String, problem: String) {
        #expect(ConfigurationText(yaml: yaml).problems == [problem])
    }

    @Test func `duplicates do not hide the other problems`() {
        let text = ConfigurationText(
            yaml: """
                log:
                  level: info
                  level: debug
                  levle: debug
                url: none
                events: {max_size: 1}
                "url": none
                log: {format: text}
                """
        )
        let expected = [
            "martlet.yaml:3: log.level is given twice; the first is in line 2.",
            "martlet.yaml:4: log.levle is not a key; did you mean log.level?",
            "martlet.yaml:6: events.max_size must be a size from 1KiB to 64MiB, such as 64KiB or 2MiB, but is 1: the "
                + "unit is missing.",
            "martlet.yaml:7: url is given twice; the first is in line 5.",
            "martlet.yaml:8: log is given twice; the first is in line 1.",
        ]
        #expect(text.problems == expected)
        #expect(ConfigurationText(yaml: text.yaml.replacing("\n", with: "\r\n")).problems == expected)
    }

    @Test func `a text with very many problems reports the first hundred and counts the rest`() {
        let text = ConfigurationText(yaml: (0..<20000).map { "key\($0): \($0)\n" }.joined())
        let error = #expect(throws: ConfigurationError.self) { try text.load() }
        #expect(error?.problems.count == 100)
        #expect(error?.omittedCount == 19900)
        #expect(error?.description.hasSuffix("\nThere are 19900 more problems.") == true)
    }
}
