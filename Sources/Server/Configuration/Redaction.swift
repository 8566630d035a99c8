/// Makes text fit to be shown: without secrets, on one line, of bounded length.
enum Redaction {
    /// What stands in place of a secret.
    static let mask = "***"
    /// How much of a text a message shows, in characters.
    static let longestShown = 80

    /// A text from outside as a message shows it. Whatever could be a password or a secret key is hidden, since a value
    /// in the wrong place may be one.
    static func shown(_ text: String) -> String {
        var safe = hidingPasswords(in: text)
        if !text.contains("://") {
            safe = hidingPassword(in: safe, from: safe.startIndex)
        }
        if let key = range(of: "nsec1", in: safe) {
            safe = safe[..<key.upperBound] + mask
        }
        return oneLine(safe.count > longestShown ? safe.prefix(longestShown) + "…" : safe[...])
    }

    /// The text with the password of a URL's authority (`scheme://user:password@host`), and a `password=`, masked.
    static func hidingPasswords(in text: String) -> String {
        var safe = text
        if let mark = safe.firstRange(of: "://") {
            safe = hidingPassword(in: safe, from: mark.upperBound)
        }
        var shown = ""
        while let parameter = range(of: "password=", in: safe) {
            shown += safe[..<parameter.upperBound] + mask
            safe = String(safe[parameter.upperBound...].drop { $0 != "&" && $0 != " " })
        }
        return shown + safe
    }

    /// The text without control characters, each replaced by a space.
    static func oneLine(_ text: some StringProtocol) -> String {
        var line = String.UnicodeScalarView()
        line.append(contentsOf: text.unicodeScalars.lazy.map { $0.isControl ? " " : $0 })
        return String(line)
    }

    /// Masks what stands between the first colon and the last `@`: a password may itself hold `@` and `/`.
    private static func hidingPassword(in text: String, from start: String.Index) -> String {
        guard let at = text[start...].lastIndex(of: "@"), let colon = text[start..<at].firstIndex(of: ":") else {
            return text
        }
        return text[...colon] + mask + text[at...]
    }

    /// Where a word in lower-case ASCII first stands, in letters of either case.
    private static func range(of word: String, in text: String) -> Range<String.Index>? {
        let bytes = text.utf8
        for start in bytes.indices {
            let candidate = bytes[start...].prefix(word.utf8.count)
            let isWord = candidate.elementsEqual(word.utf8) { $0 == $1 || $0 | 0x20 == $1 && $0 & 0x40 != 0 }
            if isWord { return start..<candidate.endIndex }
        }
        return nil
    }
}
