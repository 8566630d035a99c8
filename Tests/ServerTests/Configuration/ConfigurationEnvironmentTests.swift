import Testing

@testable import Server

struct ConfigurationEnvironmentTests {
    private func load(_ environment: [String: String]) throws(ConfigurationError) -> EffectiveConfiguration {
        try ConfigurationLoader(file: nil, isExplicit: false, environment: environment).load()
    }

    private func problems(_ environment: [String: String]) -> [String] {
        do throws(ConfigurationError) {
            _ = try load(environment)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `variables set keys of every type`() throws {
        let effective = try load([
            "MARTLET_LISTEN": "127.0.0.1:1, [::1]:2,unix:a", "MARTLET_URL": "wss://relay.example.com",
            "MARTLET_INFO_NAME": "1984", "MARTLET_INFO_TAGS": "a, b", "MARTLET_CONNECTIONS_COMPRESSION": "false",
            "MARTLET_EVENTS_MAX_AGE": "365d", "MARTLET_EVENTS_KINDS_ALLOW": "1,7,30000-39999",
            "MARTLET_EVENTS_KINDS_DENY": "none", "MARTLET_EVENTS_MAX_TAGS": "10", "MARTLET_EVENTS_MAX_SIZE": "64KiB",
            "MARTLET_RATE_LIMITS_CONNECTION_EVENTS": "5/m burst 9", "MARTLET_METRICS_ALLOW": "10.0.0.0/8,::1",
            "MARTLET_LOG_LEVEL": "error", "PATH": "/bin", "MARTLETS": "1", "martlet_url": "x",
        ])
        let configuration = effective.configuration
        #expect(configuration.listen.map(\.description) == ["127.0.0.1:1", "[::1]:2", "unix:a"])
        #expect(configuration.url?.host == "relay.example.com")
        #expect(configuration.info.name == "1984")
        #expect(configuration.info.tags == ["a", "b"])
        #expect(!configuration.connections.compression)
        #expect(configuration.events.maxAge == .days(365))
        #expect(configuration.events.allowedKinds == KindSet([1...1, 7...7, 30000...39999]))
        #expect(configuration.events.deniedKinds == .none)
        #expect(configuration.events.maxTags == 10)
        #expect(configuration.events.maxSize == 64 << 10)
        #expect(configuration.rateLimits.connectionEvents == Rate(count: 5, per: .minute, burst: 9))
        #expect(configuration.metrics.allow.count == 2)
        #expect(configuration.log.level == .error)
        #expect(effective.origin(of: "url") == .environment(variable: "MARTLET_URL"))
        #expect(effective.origin(of: "database") == .builtIn)
    }

    @Test func `a variable that names no key is refused with the nearest`() {
        #expect(
            problems(["MARTLET_EVENTS_MAX_AEG": "1d", "MARTLET_": "", "MARTLET_URl": "x"]) == [
                "MARTLET_: this variable names no key; the nearest is MARTLET_URL.",
                "MARTLET_EVENTS_MAX_AEG: this variable names no key; did you mean MARTLET_EVENTS_MAX_AGE?",
                "MARTLET_URl: this variable names no key; did you mean MARTLET_URL?",
            ]
        )
    }

    @Test func `a wrong value is refused with the variable and the key`() {
        #expect(
            problems(["MARTLET_EVENTS_MAX_TAGS": "many", "MARTLET_EVENTS_KINDS_ALLOW": "1,,2"]) == [
                "MARTLET_EVENTS_KINDS_ALLOW: events.kinds.allow must be a list of up to 1000 kinds and ranges such as "
                    + "1 or 30000-39999, or none or all, but holds \"\": a whole number is expected first.",
                "MARTLET_EVENTS_MAX_TAGS: events.max_tags must be a whole number from 1 to 100000, but is \"many\".",
            ]
        )
    }

    @Test func `every key can be set by its variable to what is shown`() throws {
        for key in ConfigurationKey.all {
            var text = key.shown(in: Configuration()).yaml
            text.removeAll { "[]\"".contains($0) }
            let effective = try load([key.environmentName: text])
            #expect(effective.configuration == Configuration(), "\(key.path)")
            let origin = ConfigurationOrigin.environment(variable: key.environmentName)
            #expect(effective.origin(of: key.path) == (text.isEmpty ? .builtIn : origin))
        }
    }

    @Test func `an empty variable is as if it were not there`() throws {
        for key in ConfigurationKey.all {
            let effective = try load([key.environmentName: ""])
            #expect(effective.configuration == Configuration())
            #expect(effective.origin(of: key.path) == .builtIn)
        }
    }
}
