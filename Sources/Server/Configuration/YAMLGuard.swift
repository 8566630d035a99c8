/// What is refused in a YAML text before it is parsed, because the parser would report it without a line or could be
/// kept busy by it.
struct YAMLGuard {
    let text: String

    /// - Throws: `YAMLError` at the first character that YAML does not allow (YAML 1.2, 5.1).
    func checkCharacters() throws(YAMLError) {
        var line = 1
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xa: line += 1
            case 0x9, 0xd, 0x20...0x7e, 0x85, 0xa0...0xd7ff, 0xe000...0xfffd, 0x10000...: continue
            default:
                let code = String(scalar.value, radix: 16, uppercase: true)
                throw YAMLError(line: line, reason: "the character U+\(code) is not allowed.")
            }
        }
    }

    /// Refuses aliases: nested ones stand for trees that are exponentially larger than the text.
    ///
    /// A text has an alias only if one name follows both a `&` and a `*` in it. That may also be prose, but seldom is.
    ///
    /// - Throws: `YAMLError` at the first `*` with such a name.
    func checkAliases() throws(YAMLError) {
        let anchors = Set(names(after: UInt8(ascii: "&")).map(\.name))
        guard !anchors.isEmpty else { return }
        for (name, line) in names(after: UInt8(ascii: "*")) where anchors.contains(name) {
            throw YAMLError(line: line, reason: "aliases are not read; write the value of *\(Redaction.shown(name)).")
        }
    }

    /// The names of letters, digits, `-` and `_` that follow a sign, with their lines.
    private func names(after sign: UInt8) -> [(name: String, line: Int)] {
        var names: [(String, Int)] = []
        var line = 1
        var name: [UInt8]?
        for byte in text.utf8 {
            if let letters = name {
                if Self.isNameByte(byte) {
                    name?.append(byte)
                    continue
                }
                if !letters.isEmpty { names.append((String(decoding: letters, as: UTF8.self), line)) }
            }
            name = byte == sign ? [] : nil
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
        if let name, !name.isEmpty { names.append((String(decoding: name, as: UTF8.self), line)) }
        return names
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
