import Testing

@testable import Server

struct ConfigurationLoaderTests {
    private func problems(_ loader: ConfigurationLoader) -> String {
        do throws(ConfigurationError) {
            _ = try loader.load()
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `flags override the environment, which overrides the file, which overrides the defaults`() throws {
        let file = try TemporaryFile("log: {level: error}\ninfo: {name: a, contact: a}\ndatabase: sqlite:a\n")
        let effective = try ConfigurationLoader(
            file: file.path,
            isExplicit: true,
            environment: ["MARTLET_INFO_NAME": "b", "MARTLET_DATABASE": "sqlite:b"],
            flags: [("database", "sqlite:c"), ("listen", "127.0.0.1:1")]
        ).load()
        #expect(effective.configuration.log.level == .error)
        #expect(effective.configuration.info.name == "b")
        #expect(effective.configuration.info.contact == "a")
        #expect(effective.configuration.database == .sqlite(path: "c"))
        let origins = ["connections.max", "log.level", "info.name", "database", "listen"].map(effective.origin(of:))
        #expect(
            origins.map(\.description) == ["default", "\(file.path):1", "MARTLET_INFO_NAME", "--database", "--listen"]
        )
    }

    @Test func `a list may be given in several flags, another key once`() throws {
        let flags = [("listen", "127.0.0.1:1"), ("listen", "127.0.0.1:2,unix:a")]
        let effective = try ConfigurationLoader(file: nil, isExplicit: false, environment: [:], flags: flags).load()
        #expect(effective.configuration.listen.map(\.description) == ["127.0.0.1:1", "127.0.0.1:2", "unix:a"])
        let twice = [("database", "sqlite:a"), ("database", "sqlite:b")]
        let loader = ConfigurationLoader(file: nil, isExplicit: false, environment: [:], flags: twice)
        #expect(problems(loader) == "--database: database is given twice.")
    }

    @Test func `the problems of all sources are reported together`() throws {
        let file = try TemporaryFile("lgo: 1\nevents: {max_size: 2MiB, max_tag_length: 3MiB}\n")
        let loader = ConfigurationLoader(
            file: file.path,
            isExplicit: false,
            environment: ["MARTLET_CONNECTIONS_MAX": "0"],
            flags: [("listne", "127.0.0.1:1"), ("listen", "nowhere")]
        )
        let expected = """
            FILE:1: lgo is not a key; did you mean log?
            MARTLET_CONNECTIONS_MAX: connections.max must be a whole number from 1 to 1000000, but is "0".
            --listne: listne is not a key; did you mean listen?
            --listen: listen must be a list of up to 16 addresses such as 127.0.0.1:7777, [::1]:7777 or \
            unix:data/martlet.sock, but holds "nowhere": the port is missing.
            FILE:2: events.max_size (2MiB, FILE:2) must not be more than connections.max_message (1MiB, default).
            FILE:2: events.max_tag_length (3MiB, FILE:2) must not be more than events.max_size (2MiB, FILE:2).
            """
        #expect(problems(loader) == expected.replacing("FILE", with: file.path))
    }

    @Test func `a rule is not checked against a value that was refused`() {
        let text = ConfigurationText(yaml: "subscriptions: {max_limit: 100, default_limit: many}")
        #expect(text.problems.count == 1)
    }

    @Test func `a rule that only the other key breaks is reported there`() {
        let text = ConfigurationText(yaml: "subscriptions: {max_limit: 100}")
        #expect(
            text.problems == [
                "martlet.yaml:1: subscriptions.default_limit (500, default) must not be more than "
                    + "subscriptions.max_limit (100, martlet.yaml:1)."
            ]
        )
    }

    @Test(arguments: [
        ("metrics: {listen: 127.0.0.1:7777}", 1), ("listen: [127.0.0.1:1, b:2]\nmetrics: {listen: B:2}", 1),
        ("listen: a:0\nmetrics: {listen: a:0}", 0), ("metrics: {listen: 127.0.0.1:7778}", 0),
        ("connections: {max_unsent: 64KiB}", 1), ("connections: {max_unsent: 128KiB}", 0),
    ])
    func `rules between keys are kept`(yaml: String, count: Int) {
        #expect(ConfigurationText(yaml: yaml).problems.count == count)
    }
}
