import Testing

@testable import Server

struct EffectiveConfigurationTests {
    @Test func `the configuration is shown with the origin of each value, in aligned columns`() throws {
        let effective = try ConfigurationLoader(
            file: nil,
            isExplicit: false,
            environment: ["MARTLET_EVENTS_KINDS_DENY": "4,5", "MARTLET_INFO_NAME": "a: b"],
            flags: [("listen", "[::1]:7777")]
        ).load()
        let lines = effective.rendered().split(separator: "\n")
        #expect(lines[0] == "listen: \"[::1]:7777\"               # --listen")
        #expect(lines[6] == "info:")
        #expect(lines[7] == "  name: \"a: b\"                     # MARTLET_INFO_NAME")
        #expect(lines.contains("  kinds:"))
        #expect(lines.contains("    deny: [4-5]                    # MARTLET_EVENTS_KINDS_DENY"))
        #expect(lines.contains("  min_pow: 0                       # default"))
        #expect(lines.allSatisfy { $0.hasSuffix(":") || $0.contains("  # ") })
    }

    @Test func `what is shown reads as the same configuration`() throws {
        for (path, yaml) in ConfigurationSamples.otherThanDefault {
            let effective = try ConfigurationText.setting(path, to: yaml).load()
            #expect(effective.configuration != Configuration())
            let again = try ConfigurationText(yaml: effective.rendered()).load()
            #expect(again.configuration == effective.configuration, "\(path): \(yaml)")
        }
    }

    @Test func `a path with a line break cannot break out of its comment`() throws {
        var draft = ConfigurationDraft()
        ConfigurationYAML(file: "a\nlisten: b:1").read("log: {level: error}", into: &draft)
        let effective = try draft.finish()
        #expect(try ConfigurationText(yaml: effective.rendered()).load().configuration == effective.configuration)
    }
}
