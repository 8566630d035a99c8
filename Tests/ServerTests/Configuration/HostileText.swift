import Testing

/// A text that is built to keep a reader busy, or to overflow its stack.
struct HostileText: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let yaml: String

    init(_ description: String, _ yaml: String) {
        testDescription = description
        self.yaml = yaml
    }

    static let all = [
        HostileText("nine times nine aliases, ten deep", aliasBomb),
        HostileText("an alias bomb as a key", aliasBomb + "? *j\n: 1\n? *i\n: 2\n"),
        HostileText("an alias of itself", "a: &a\n  b: *a\n"),
        HostileText("an alias in its own key", "&a [*a]: 1"),
        HostileText("very many aliases", repeated("&a *b ")),
        HostileText("very many anchors", repeated("&a ")),
        HostileText("very many asterisks", repeated("*")),
        HostileText("very many exclamation marks", repeated("!")),
        HostileText("lists in lists without end", repeated("[")),
        HostileText("lists in lists, as many as the parser takes", repeated("[", 990) + repeated("]", 990)),
        HostileText("mappings in mappings without end", repeated("{a: ")),
        HostileText("block lists in block lists without end", repeated("- ")),
        HostileText("keys in keys without end", repeated("? ")),
        HostileText("long keys in keys, as many as the parser takes", repeated("? ", 990) + repeated("é", 50000)),
        HostileText("sections in sections", (0..<700).map { repeated(" ", $0) + "a:\n" }.joined()),
        HostileText("one key again and again", repeated("listen: a:1\n", 20000)),
        HostileText("one unknown key again and again", repeated("a: 1\n", 40000)),
        HostileText("the same key twice, in many sections", (0..<20000).map { "k\($0):\n a: 1\n a: 2\n" }.joined()),
        HostileText("the same key twice, in many mappings", (0..<40000).map { "k\($0): {a: 1, a: 2}\n" }.joined()),
        HostileText("very many unknown keys", (0..<40000).map { "k\($0): 1\n" }.joined()),
        HostileText("one long word", repeated("a")),
        HostileText("one long number", "a: " + repeated("9")),
        HostileText("one long key", repeated("é") + ": 1"),
        HostileText("backslashes in a text that does not end", "a: \"" + repeated("\\")),
        HostileText("a long directive", "%YAML 1.1\n%TAG ! " + repeated("a")),
        HostileText("a long list", "listen: [" + repeated("a:1,", 200_000) + "]"),
        HostileText("a list of long lists", "info: {tags: [[" + repeated("a,", 400_000) + "]]}"),
        HostileText("no character at all", "a: \u{fffe}"),
        HostileText("a NUL", "\0"),
    ]

    private static let aliasBomb =
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + zip("bcdefghij", "abcdefghi").map { "\($0): &\($0) [\(repeated("*\($1), ", 9))]\n" }.joined()

    private static func repeated(_ text: String, _ count: Int? = nil) -> String {
        String(repeating: text, count: count ?? (1 << 18) / text.utf8.count)
    }
}
