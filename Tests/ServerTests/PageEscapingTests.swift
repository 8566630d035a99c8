import Testing

@testable import Server

@Suite("Hostile text on the pages")
struct PageEscapingTests {
    /// Texts that would open a tag, end an attribute or run as an address if one character slipped through.
    static let attacks = [
        "<script>alert(1)</script>",
        "\u{600}<script>alert(1)</script>",
        "<\u{301}script>alert(1)</script>",
        "https://example.com/\"\u{301}onmouseover=alert(1)",
        "https://example.com/'onmouseover='alert(1)",
        "mailto:a@example.com\"><script>alert(1)</script>",
        "wss://example.com/\"><script>alert(1)</script>",
        "</style></title><script>alert(1)</script>",
        "{{{name}}}{{>layout}}",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
    ]

    @Test("No field can open a tag, end an attribute or be followed as a script", arguments: attacks)
    func everyField(attack: String) throws {
        var page = LandingPage()
        page.name = attack
        page.description = "\(attack)\n\n\(attack)"
        page.contact = attack
        page.operatorNpub = attack
        page.relayURL = attack
        page.limits = [Fact(attack, attack)]
        page.supportedNIPs = [SupportedNIP(1, title: attack)]
        page.postingPolicy = attack
        page.termsOfService = attack
        page.privacyPolicy = attack
        page.paymentsURL = attack
        page.softwareURL = attack
        page.softwareVersion = attack
        page.health = RelayHealth(isReady: true, facts: [Fact(attack, attack)])
        try self.check(page.render())
    }

    @Test("No text of an error page can open a tag", arguments: attacks)
    func errorPage(attack: String) throws {
        try self.check(ErrorPage(status: 400, title: attack, sentence: attack).render())
    }

    @Test("A template's own syntax in a field is text")
    func templateSyntax() {
        var page = LandingPage()
        page.name = "{{version}}"
        page.softwareVersion = "secret"
        #expect(page.render().contains(">{{version}}</h1>"))
    }

    @Test("Escaping goes by scalars, so a combining mark does not hide a quote")
    func scalars() {
        #expect(StrictHTML().escapeText("a\"\u{301}b") == "a&quot;\u{301}b")
        #expect(StrictHTML().escapeText("\u{600}<b") == "\u{600}&lt;b")
        #expect(StrictHTML().escapeText("<&>'é") == "&lt;&amp;&gt;&#39;é")
    }

    /// Compares bytes: strings of characters would overlook what a combining mark hides.
    private func check(_ page: String) throws {
        let bytes = page.lowercased().utf8
        #expect(!bytes.contains("<script".utf8))
        #expect(!bytes.contains("<\u{301}script".utf8))
        #expect(!bytes.contains("\"\u{301}onmouseover".utf8))
        #expect(!bytes.contains("'onmouseover".utf8))
        #expect(!bytes.contains("href=\"javascript:".utf8))
        #expect(!bytes.contains("href=\"data:text".utf8))
        #expect(bytes.split(separator: "<style>".utf8).count == 2)
        #expect(bytes.split(separator: "</style>".utf8).count == 2)
        #expect(bytes.split(separator: "<html".utf8).count == 2)
    }
}
