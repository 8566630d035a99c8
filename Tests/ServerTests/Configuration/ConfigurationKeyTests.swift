import Testing

@testable import Server

struct ConfigurationKeyTests {
    @Test func `no two keys have the same path, variable or flag`() {
        let keys = ConfigurationKey.all
        #expect(Set(keys.map(\.path)).count == keys.count)
        #expect(Set(keys.map(\.environmentName)).count == keys.count)
        #expect(Set(keys.map(\.flagName)).count == keys.count)
    }

    @Test func `no path is both a key and a section`() {
        #expect(ConfigurationKey.sections.isDisjoint(with: ConfigurationKey.all.map(\.path)))
    }

    @Test func `a path is words of lower-case letters and underscores`() {
        for key in ConfigurationKey.all {
            let names = key.path.split(separator: ".", omittingEmptySubsequences: false)
            #expect((1...3).contains(names.count))
            #expect(
                names.allSatisfy { name in !name.isEmpty && name.allSatisfy { $0 == "_" || ("a"..."z").contains($0) } }
            )
        }
    }

    @Test func `the keys of a section stand together`() {
        for depth in 1...2 {
            let sections = ConfigurationKey.all.map {
                $0.path.split(separator: ".").dropLast().prefix(depth).joined(separator: ".")
            }
            let runs = sections.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
            let nested = runs.filter { $0.split(separator: ".").count == depth }
            #expect(Set(nested).count == nested.count)
        }
    }

    @Test func `variables and flags follow from the path`() {
        let key = ConfigurationKey.byPath["events.kinds.allow"]
        #expect(key?.environmentName == "MARTLET_EVENTS_KINDS_ALLOW")
        #expect(key?.flagName == "--events-kinds-allow")
    }

    @Test func `every meaning is a sentence`() {
        for key in ConfigurationKey.all {
            #expect(key.summary.first?.isUppercase == true && key.summary.last == ".", "\(key.path)")
        }
    }

    @Test func `what is read from what is shown is the same value`() throws {
        for key in ConfigurationKey.all {
            let yaml = key.shown(in: Configuration()).yaml
            let effective = try ConfigurationText.setting(key.path, to: yaml).load()
            #expect(effective.configuration == Configuration(), "\(key.path): \(yaml)")
            #expect(effective.origin(of: key.path) != .builtIn || yaml == "null", "\(key.path)")
        }
    }

    @Test func `only what is bound at the start needs a restart`() {
        let restart = ConfigurationKey.all.filter { $0.reload == .restart }.map(\.path)
        #expect(
            restart == [
                "listen", "url", "database", "node", "search.enabled", "search.kinds", "access.membership_events",
                "access.relay_key_file", "storage.readers", "storage.page_cache",
                "storage.memory_map", "storage.result_cache", "metrics.listen", "log.format",
            ]
        )
    }

    @Test func `the defaults keep every rule`() {
        #expect(ConfigurationRule.all.allSatisfy { $0.isKept(Configuration()) })
        for rule in ConfigurationRule.all {
            #expect(ConfigurationKey.byPath[rule.path] != nil && ConfigurationKey.byPath[rule.otherPath] != nil)
        }
    }
}
