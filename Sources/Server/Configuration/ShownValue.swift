/// A value as `config show` prints it: always valid YAML on one line, which reads as the same value.
enum ShownValue: Hashable, Sendable {
    /// A number, a boolean, or a text that is neither in any reading: `15m`, `none`, `127.0.0.1:7777`.
    case word(String)
    /// A text that an operator wrote, which might look like something else.
    case text(String)
    indirect case list([ShownValue])

    /// The value in YAML.
    var yaml: String {
        switch self {
        case .word(let word):
            return Self.isSafe(word) ? word : Self.quoted(word)
        case .text(let text):
            let scalar = ConfigurationScalar(text: text, style: .plain)
            return Self.isSafe(text) && scalar.isText ? text : Self.quoted(text)
        case .list(let entries):
            return "[" + entries.map(\.yaml).joined(separator: ", ") + "]"
        }
    }

    /// The value with what is secret in it masked.
    func hiding(_ secrecy: Secrecy) -> ShownValue {
        switch (self, secrecy) {
        case (_, .open), (.word("none"), .secret): self
        case (_, .secret): .text(Redaction.mask)
        case (.word(let word), .urlPassword): .word(Redaction.hidingPasswords(in: word))
        case (.text(let text), .urlPassword): .text(Redaction.hidingPasswords(in: text))
        case (.list(let entries), .urlPassword): .list(entries.map { $0.hiding(secrecy) })
        }
    }

    /// Whether the text may stand without quotes anywhere, in a list too.
    private static func isSafe(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
        guard isPlain(first) || first == "/", isPlain(last) || last == "/" else { return false }
        return !text.contains(": ")
            && text.unicodeScalars.allSatisfy { isPlain($0) || " ._-/+:=@()".unicodeScalars.contains($0) }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }

    private static func quoted(_ text: String) -> String {
        var yaml = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": yaml += "\\\""
            case "\\": yaml += "\\\\"
            case "\n": yaml += "\\n"
            case "\t": yaml += "\\t"
            case _ where scalar.isControl || scalar == "\u{feff}": yaml += escape(scalar)
            default: yaml.unicodeScalars.append(scalar)
            }
        }
        return yaml + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
