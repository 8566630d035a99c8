@testable import Server

/// The text of a configuration file that a test reads without a disk.
struct ConfigurationText {
    let yaml: String

    /// - Throws: `ConfigurationError`.
    func load() throws(ConfigurationError) -> EffectiveConfiguration {
        var draft = ConfigurationDraft()
        ConfigurationYAML(file: "martlet.yaml").read(yaml, into: &draft)
        return try draft.finish()
    }

    /// The problems of the text, each with its place; empty where it can be used.
    var problems: [String] {
        do throws(ConfigurationError) {
            _ = try load()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// YAML that sets one key.
    static func setting(_ path: String, to value: String) -> ConfigurationText {
        let names = path.split(separator: ".")
        let sections = names.dropLast().enumerated().map {
            String(repeating: " ", count: $0.offset) + $0.element + ":\n"
        }
        let indent = String(repeating: " ", count: names.count - 1)
        return ConfigurationText(yaml: sections.joined() + "\(indent)\(names[names.count - 1]): \(value)\n")
    }
}
