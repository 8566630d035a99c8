/// The canonical form of strings and events written a second time, scalar by scalar, to compare the module's own with.
enum ReferenceText {
    /// The canonical form between quotes.
    static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\n": text += #"\n"#
            case "\"": text += #"\""#
            case "\\": text += #"\\"#
            case "\r": text += #"\r"#
            case "\t": text += #"\t"#
            case "\u{8}": text += #"\b"#
            case "\u{C}": text += #"\f"#
            case "\0"..<" ": text += (scalar.value < 0x10 ? #"\u000"# : #"\u00"#) + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// The canonical JSON of an event object that Foundation has read; nil where a field is not what it must be.
    static func event(_ object: [String: Any]) -> String? {
        guard let id = object["id"] as? String, let pubkey = object["pubkey"] as? String,
            let createdAt = object["created_at"] as? Int, let kind = object["kind"] as? Int,
            let tags = object["tags"] as? [[String]], let content = object["content"] as? String,
            let signature = object["sig"] as? String
        else { return nil }
        let rows = tags.map { "[" + $0.map(Self.quoted).joined(separator: ",") + "]" }
        return #"{"id":"\#(id)","pubkey":"\#(pubkey)","created_at":\#(createdAt),"kind":\#(kind),"#
            + #""tags":[\#(rows.joined(separator: ","))],"content":\#(Self.quoted(content)),"sig":"\#(signature)"}"#
    }
}
