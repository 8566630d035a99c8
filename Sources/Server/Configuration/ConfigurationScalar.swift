/// One value without structure, as its source spells it.
struct ConfigurationScalar: Hashable, Sendable {
    /// What the source says about the type.
    enum Style: Sendable {
        /// Without quotes in YAML: the text decides whether it is a number, a boolean or nothing.
        case plain
        /// In quotes, or a block, in YAML: always text.
        case quoted
        /// From the environment or a flag, which have no types.
        case untyped
    }

    let text: String
    let style: Style

    /// Whether the source says that this is text.
    var isQuoted: Bool { style == .quoted }

    /// Whether YAML reads nothing here.
    var isNull: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// Whether YAML reads a boolean here.
    var isBoolean: Bool {
        style == .plain && ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text)
    }

    /// Whether YAML reads a number here.
    var isNumber: Bool {
        guard style == .plain, let first = text.utf8.first else { return false }
        let startsNumber = first < UInt8(ascii: ":") && (Double(text) != nil || text.hasPrefix("0o"))
        return startsNumber || [".inf", ".nan"].contains(text.lowercased())
    }

    /// Whether YAML reads text here, or the source has no types.
    var isText: Bool { !isNull && !isBoolean && !isNumber }

    /// The value for a message: text in quotes, passwords hidden, long ones cut.
    var shown: String {
        isText || text.isEmpty ? "\"\(Redaction.shown(text))\"" : Redaction.shown(text)
    }
}
