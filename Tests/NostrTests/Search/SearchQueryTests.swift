import Testing

@testable import Nostr

struct SearchQueryTests {
    private static let all = KindRanges([0 ... .max])

    private static func query(_ text: String) -> SearchQuery? { SearchQuery(text, kinds: Self.all) }

    /// Phrases as `one two*`.
    private static func phrases(_ text: String) -> [String] {
        (Self.query(text)?.phrases ?? []).map { phrase in
            phrase.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") + (phrase.isOpen ? "*" : "")
        }
    }

    private static func words(_ text: String) -> SearchWords {
        var segmenter = Segmenter()
        segmenter.take(text)
        return segmenter.words
    }

    static func finds(_ search: String, in text: String) -> Bool {
        Self.query(search)?.score(of: Self.words(text)) != nil
    }

    @Test(arguments: [
        ("best nostr apps", ["best", "nostr", "apps"]), ("Best BEST best", ["best"]),
        (#"say "hello world" now"#, ["say", "hello world", "now"]), (#""not closed"#, ["not closed"]),
        ("“curly quotes”", ["curly quotes"]), ("don't foo-bar", ["don t", "foo bar"]),
        ("word*", ["word*"]), ("w* ab*", ["w", "ab*"]), (#""two wor"*"#, ["two wor*"]), (#""two wor*""#, ["two wor*"]),
        ("東京 東", ["東京*", "東*"]), ("東京都", ["東京 京都*"]), ("日本Nostr", ["日本 本 nostr"]),
        ("-word +word", ["word"]), ("word:", ["word"]), (":word", ["word"]),
        // Extensions.
        ("include:spam nostr", ["nostr"]), ("domain:example.com language:en sentiment:positive nsfw:false", []),
        ("unknown:value x_y-1:z a", ["a"]), (#"author:"jane doe" a"#, ["a"]),
        ("https://example.com/a", ["https example com a"]), ("12:30", ["12 30"]),
        // Nothing.
        ("", []), ("   ", []), ("!!! ... ***", []), ("\"\"", []), ("*", []), ("\0", []),
    ])
    func `a search is read`(text: String, phrases: [String]) { #expect(Self.phrases(text) == phrases) }

    @Test(arguments: ["", " ", "include:spam", "!?", "\"", "\u{301}"])
    func `a search for nothing is none`(text: String) { #expect(Self.query(text) == nil) }

    @Test(arguments: [
        ("hello", "Hello, world", true), ("hello moon", "Hello, world", false), ("ell", "Hello", false),
        ("hel*", "Hello", true), ("cafe", "CAFÉ", true), ("café", "cafe\u{301}", true),
        (#""hello world""#, "hello, world", true), (#""world hello""#, "hello, world", false),
        (#""hello world""#, "hello big world", false), ("foo-bar", "foo bar", true), ("foo-bar", "bar foo", false),
        ("東京", "私は東京都に住む", true), ("京", "東京", true), ("東", "東京", true), ("都東", "東京都", false),
        ("東都", "東京都", false), ("京都に", "東京都に住む", true), ("กาแฟ", "ฉันชอบกาแฟร้อน", true),
        ("ชา", "กาแฟ", false), ("비트코인", "비트코인을 산다", true), ("日本Nostr", "大日本Nostrリレー", true),
        ("🔥", "so hot🔥🔥", true), ("привет", "ПРИВЕТ, мир", true), ("שלום", "שָׁלוֹם", true),
    ])
    func `words are found`(search: String, text: String, isFound: Bool) {
        #expect(Self.finds(search, in: text) == isFound)
    }

    @Test func `what occurs often in a short text is worth more`() throws {
        let query = try #require(Self.query("apple"))
        func score(_ text: String) throws -> Double { try #require(query.score(of: Self.words(text))) }
        let padding = String(repeating: " other", count: 50)
        #expect(try score("apple") > score("apple" + padding))
        #expect(try score("apple apple x") > score("apple x x"))
        #expect(try score("an apple") == score("the apple"))
    }

    @Test func `events of other kinds do not match`() throws {
        let query = try #require(SearchQuery("word", kinds: KindRanges([1...1])))
        var segmenter = Segmenter()
        segmenter.take("word")
        let words = segmenter.words
        #expect(query.matches(try Event.sample(kind: 1, content: "word"), words))
        #expect(!query.matches(try Event.sample(kind: 7, content: "word"), words))
    }

    @Test func `ranges are written and read, and lose kinds`() {
        let ranges = KindRanges([0...1, 4...10, 65_535...65_535])
        #expect(KindRanges(ranges.description) == ranges)
        #expect(KindRanges("") == KindRanges([]))
        #expect(KindRanges("1-0") == nil && KindRanges("x") == nil && KindRanges("1") == nil)
        #expect(ranges.subtracting([0, 5, 10, 65_535]) == KindRanges([1...1, 4...4, 6...9]))
    }
}
