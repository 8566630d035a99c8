import Mustache

/// Escapes text for HTML, one Unicode scalar at a time.
///
/// Mustache's own escaping goes by `Character`. A quote followed by a combining mark, or a `<` after U+0600, is one
/// `Character` that equals neither `"` nor `<`, so it would pass unescaped and end the attribute or open a tag.
struct StrictHTML: MustacheContentType {
    /// The name by which a template asks for this escaping.
    static let name = "STRICT-HTML"

    /// The text with `&`, `<`, `>` and both quotes replaced by character references.
    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
