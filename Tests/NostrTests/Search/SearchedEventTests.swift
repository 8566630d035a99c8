import Testing

@testable import Nostr

struct SearchedEventTests {
    private static func finds(_ search: String, in event: Event) -> Bool {
        SearchQuery(search, kinds: KindRanges([0 ... .max]))?.matches(event, event.searchWords) ?? true
    }

    @Test func `the content of a note is searched, and not its tags`() throws {
        let note = try Event.sample(
            tags: [["title", "heading"], ["t", "topic"]],
            content: "line\nnext \"quoted\" \\u"
        )
        #expect(Self.finds("next line", in: note) && Self.finds("quoted", in: note))
        #expect(!Self.finds("heading", in: note) && !Self.finds("topic", in: note) && !Self.finds("nnext", in: note))
    }

    @Test func `the title of an article is searched too, and is no part of its text`() throws {
        let article = try Event.sample(kind: 30_023, tags: [["title", "A Heading"], ["d", "slug"]], content: "Text")
        #expect(Self.finds("heading text", in: article))
        #expect(!Self.finds(#""heading text""#, in: article) && !Self.finds("slug", in: article))
    }

    @Test func `the values of a profile are searched, and not its keys`() throws {
        let content =
            #"{"name":"Alice \u00e9","about":"likes\ntea","picture":"https://host/p.png","n":1,"o":{"x":"y"}}"#
        let profile = try Event.sample(kind: 0, content: content)
        #expect(Self.finds("alice e likes tea", in: profile))
        for word in ["name", "about", "host", "ntea", "y"] { #expect(!Self.finds(word, in: profile)) }
    }

    @Test(arguments: ["", "{", "[]", "plain text", #"{"name":}"#, #"{"name":"x"} y"#, "null", "{\"a\":\"\\ud800\"}"])
    func `a profile that is no object is searched as it is`(content: String) throws {
        let profile = try Event.sample(kind: 0, content: content)
        if content.contains("plain") { #expect(Self.finds("plain", in: profile)) }
        if content.contains("name") { #expect(Self.finds("name", in: profile)) }
        _ = profile.searchWords
    }

    @Test func `a filter with a search matches by it and by its other fields`() throws {
        let bounds = MessageBounds(search: SearchBounds(kinds: KindRanges([1...1])))
        let request = try #require(
            MessageProbe.request(#"["REQ","a",{"search":"apple pie","since":5}]"#, bounds: bounds)
        )
        let matcher = Matcher(request.filters[0])
        let event = try Event.sample(createdAt: 10, content: "Pie of apples, an apple")
        #expect(matcher.matches(event))
        #expect(matcher.matches(event, nil, EventWords(event)))
        #expect(try !matcher.matches(.sample(createdAt: 10, content: "apple")))
        #expect(try !matcher.matches(.sample(createdAt: 1, content: "apple pie")))
        #expect(try !matcher.matches(.sample(kind: 7, createdAt: 10, content: "apple pie")))
    }

    @Test(arguments: [
        ("1", "search is a string"), ("null", "search is a string"), (#"["x"]"#, "search is a string"),
        ("{}", "search is a string"), ("\"\(String(repeating: "é", count: 501))\"", "500 characters"),
        ("\"\(String(repeating: "x", count: 100_000))\"", "500 characters"),
        ("\"\((0..<33).map { "w\($0)" }.joined(separator: " "))\"", "32 words"),
    ])
    func `a search that is none, or too much, is refused`(value: String, reason: String) {
        let bounds = MessageBounds(search: SearchBounds(kinds: KindRanges([1...1])))
        guard
            case .subscription(_, let refusal) = MessageProbe.fault(
                #"["REQ","a",{"search":\#(value)}]"#,
                bounds: bounds
            )
        else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.prefix == .invalid && refusal.text.contains(reason))
    }

    @Test func `a search of five hundred characters is read, and one for nothing is none`() {
        let bounds = MessageBounds(search: SearchBounds(kinds: KindRanges([1...1])))
        for text in [String(repeating: "é", count: 500), String(repeating: "東", count: 500), "\\u0000", "x:y", ""] {
            let request = MessageProbe.request(#"["REQ","a",{"search":"\#(text)"}]"#, bounds: bounds)
            #expect((request?.filters[0].search != nil) == (text.count == 500))
        }
    }
}
