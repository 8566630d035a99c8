internal import Yams

/// Why a text cannot be read as YAML.
struct YAMLError: Error, Hashable {
    /// From 1, or nil where the parser does not tell.
    let line: Int?
    /// A sentence.
    let reason: String
}

extension YAMLError {
    /// - Parameter error: What the parser threw.
    init(from error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let reason = Self.reason(problem: problem, context: context?.text)
            self.init(line: mark.line, reason: "this is not valid YAML: \(Redaction.oneLine(reason)).")
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { Redaction.shown($0) }.joined(separator: ", ")
            self.init(line: context.mark.line, reason: "a section has a key twice: \(names).")
        default:
            self.init(line: nil, reason: "this is not valid YAML.")
        }
    }

    /// What libyaml says, and what an operator most often did where it says so.
    private static func reason(problem: String, context: String?) -> String {
        if problem.hasPrefix("Maximum nesting level") { return "it is nested too deeply" }
        let reason = problem + (context.map { ", \($0)" } ?? "")
        if problem.contains("cannot start any token") {
            return reason + " (indent with spaces; put text that begins with @, ` or % in quotes)"
        }
        return reason + (context?.contains("flow") == true ? " (put text with [, ], { or } in quotes)" : "")
    }
}
