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
        let untrusted = YAMLGuard(text: text)
        try untrusted.checkCharacters()
        try untrusted.checkAliases()
        (parser, root) = try Self.parse(text)
    }

    /// Parses the text. The parser gives up at two equal keys of a mapping: then they are made unequal, each by a tag
    /// of its own, so that the reader sees both of them and the rest of the text.
    private static func parse(_ text: String) throws(YAMLError) -> (Parser, Node?) {
        do {
            return try parseOnce(text)
        } catch YamlError.duplicatedKeysInMapping {
            do {
                return try parseOnce(taggingKeys(in: text))
            } catch {
                throw YAMLError(from: error)
            }
        } catch {
            throw YAMLError(from: error)
        }
    }

    private static func parseOnce(_ text: String) throws -> (Parser, Node?) {
        // Without rules the resolver leaves every plain scalar alone; the reader decides what it is.
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        return (parser, try parser.singleRoot())
    }

    /// The text with a different tag before each key that begins a line.
    private static func taggingKeys(in text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
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
