internal import Yams

/// The tree of one YAML document from outside, without aliases and with every key of a mapping, duplicates too.
struct YAMLDocument {
    /// The tree, nil where the text has none.
    let root: Node?
    /// The nodes refer weakly to their anchors, which the parser owns.
    private let parser: Parser

    /// - Throws: `YAMLError` where the text is not YAML, has characters that YAML has not, or has aliases.
    init(_ text: String) throws(YAMLError) {
        let text = text.hasPrefix("\u{feff}") ? String(text.unicodeScalars.dropFirst()) : text
        let guardian = YAMLGuard(text: text)
        try guardian.checkCharacters()
        try guardian.checkAliases()
        (parser, root) = try Self.parse(text)
    }

    /// Parses the text. The parser gives up at two equal keys of a mapping: then they are made unequal, each by a tag of
    /// its own, so that the reader sees both of them and the rest of the text.
    private static func parse(_ text: String) throws(YAMLError) -> (Parser, Node?) {
        do {
            return try parseOnce(text)
        } catch YamlError.duplicatedKeysInMapping {
            do {
                return try parseOnce(taggingKeys(in: text))
            } catch {
                throw YAMLError(error)
            }
        } catch {
            throw YAMLError(error)
        }
    }

    private static func parseOnce(_ text: String) throws -> (Parser, Node?) {
        // Without rules the resolver leaves every plain scalar alone; the reader decides what it is.
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        return (parser, try parser.singleRoot())
    }

    /// The text with a different tag before each key that begins a line.
    private static func taggingKeys(in text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let tagged = lines.enumerated().map { index, line in
            let rest = line.drop { $0 == " " }
            let name = rest.prefix { $0 != ":" }.trimmed
            let isKey = !name.isEmpty && name.endIndex < rest.endIndex && name.allSatisfy { isNameCharacter($0) }
            return isKey ? "\(line[..<rest.startIndex])!key\(index) \(rest)" : String(line)
        }
        return tagged.joined(separator: "\n")
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_-.\"'".contains(character)
    }
}

extension YAMLError {
    fileprivate init(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let reason = problem + (context.map { ", \($0.text)" } ?? "")
            // libyaml means a tab in the indentation, or one of the characters that YAML reserves.
            let isStart = problem.contains("cannot start any token")
            let hint = isStart ? " (indent with spaces; put text that begins with @, ` or % in quotes)" : ""
            self.init(line: mark.line, reason: "this is not valid YAML: \(Redaction.oneLine(reason))\(hint).")
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { Redaction.shown($0) }.joined(separator: ", ")
            self.init(line: context.mark.line, reason: "a section has a key twice: \(names).")
        default:
            self.init(line: nil, reason: "this is not valid YAML.")
        }
    }
}
