import Testing

@testable import Server

@Suite("Links on the pages")
struct LinkTests {
    @Test("Addresses of the web are linked, in whatever case, and shown without their scheme")
    func web() {
        #expect(Link.web("https://a.example/b") == Link(text: "a.example/b", href: "https://a.example/b"))
        #expect(Link.web("HTTP://a.example/") == Link(text: "a.example", href: "HTTP://a.example/"))
    }

    @Test(
        "Anything else is text",
        arguments: [
            "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
            "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//a.example", "/terms", "https:a.example",
            "https://", "https://a.example/ b", "https://a.example/\u{0}", "ask me first", "",
        ]
    )
    func text(_ text: String) {
        #expect(Link.web(text) == Link(text: text, href: nil))
        #expect(Link.contact(text) == Link(text: text, href: nil))
    }

    @Test("A contact may be a mail address, shown without scheme and headers")
    func mail() {
        let uri = "mailto:relay@example.com?subject=hello"
        #expect(Link.contact(uri) == Link(text: "relay@example.com", href: uri))
        #expect(Link.contact("relay@example.com").href == nil)
    }

    @Test("A contact may be an npub, with or without its scheme")
    func npub() {
        let expected = Link(text: Samples.npub, href: "nostr:\(Samples.npub)")
        #expect(Link.contact(Samples.npub) == expected)
        #expect(Link.contact("nostr:\(Samples.npub)") == expected)
        #expect(Link.key(Samples.npub) == expected)
    }

    @Test("What is not shaped like an npub is text")
    func brokenNpub() {
        for text in ["npub1abc", Samples.npub.uppercased(), Samples.npub + "q", Samples.npub.dropLast() + "b"] {
            #expect(Link.key(text).href == nil, "\(text)")
            #expect(Link.contact(text).href == nil, "\(text)")
        }
    }
}
