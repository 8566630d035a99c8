import Testing

@testable import Server

@Suite("The landing page")
struct LandingPageTests {
    @Test("A full page shows every field that it was given")
    func fullPage() {
        let page = Samples.landingPage.render()
        let expected = [
            "<title>Hirondelle</title>", #"<h1 dir="auto">Hirondelle</h1>"#,
            #"<p class="lead" dir="auto">A quiet relay.</p>"#, #"<p dir="auto">New members are welcome.</p>"#,
            "<code>wss://relay.example.com</code>", "websocat wss://relay.example.com",
            "curl -H 'Accept: application/nostr+json' https://relay.example.com<",
            #"<a href="nostr:\#(Samples.npub)">\#(Samples.npub)</a>"#,
            #"<a href="mailto:relay@example.com">relay@example.com</a>"#,
            #"<a href="https://example.com/posting">example.com/posting</a>"#,
            #"<a href="https://example.com/terms">example.com/terms</a>"#,
            #"<a href="https://example.com/privacy">example.com/privacy</a>"#,
            #"<a class="button" href="https://example.com/pay">Get access</a>"#,
            #"<a href="https://example.com/martlet">Martlet</a> 1.0.0"#,
            #"<p class="status"><a href="/health">In service</a></p>"#,
            "<dt>Events stored</dt><dd>1,204,331</dd>",
            #"<a href="https://github.com/nostr-protocol/nips/blob/master/01.md"><b>NIP-01</b>"#,
            "<span>Authentication of clients</span>",
        ]
        for text in expected { #expect(page.contains(text), "\(text)") }
    }

    @Test("The limits of the document are shown in words")
    func limits() {
        let expected = [
            Fact("Payment", "required"), Fact("Writing", "restricted"),
            Fact("Largest message", "1 MiB"), Fact("Longest content", "100,000 characters"),
            Fact("Tags on an event", "2,000"), Fact("Oldest event", "1 year ago"), Fact("Clock ahead by", "15 minutes"),
            Fact("Proof of work", "20 bits"), Fact("Open subscriptions", "100"),
            Fact("Filters in a subscription", "20"),
            Fact("Events for a filter", "1,000"), Fact("Events without a limit", "500"),
            Fact("Subscription id", "64 characters"),
        ]
        #expect(Samples.landingPage.limits == expected)
        #expect(Samples.landingPage.render().contains("<dt>Largest message</dt><dd>1 MiB</dd>"))
    }

    @Test("Conditions that nobody has to meet are not listed")
    func openRelay() {
        var limitation = RelayInformation.Limitation()
        limitation.authRequired = false
        limitation.minPowDifficulty = 0
        var information = RelayInformation()
        information.limitation = limitation
        #expect(LandingPage(information, relayURL: nil, operatorNpub: nil).limits.isEmpty)
    }

    @Test("A page without any field has a heading and no empty sections")
    func emptyPage() {
        let page = LandingPage().render()
        #expect(page.contains(">A Nostr relay</h1>"))
        for trace in ["<section", "<dl", "<ul", "<ol", "<h2", #"class="lead""#, #"class="address""#, "/health"] {
            #expect(!page.contains(trace), "\(trace)")
        }
    }

    @Test("Blank fields count as missing")
    func blankFields() {
        var page = LandingPage()
        page.name = " "
        page.description = "\n\n \r\n"
        page.contact = "\t"
        page.operatorNpub = ""
        page.relayURL = " "
        page.termsOfService = " "
        page.paymentsURL = ""
        page.softwareVersion = ""
        #expect(page.render() == LandingPage().render())
    }

    @Test("Without a name, the host of the address stands in")
    func namelessPage() {
        var page = LandingPage()
        page.relayURL = "wss://relay.example.com:8443/path"
        #expect(page.render().contains(">relay.example.com:8443</h1>"))
    }

    @Test("An address that no client can connect to is not shown")
    func unusableAddress() {
        var page = LandingPage()
        for address in ["https://relay.example.com", "relay.example.com", "wss://", "wss://relay example; rm"] {
            page.relayURL = address
            #expect(page.render() == LandingPage().render(), "\(address)")
        }
    }

    @Test("A long first paragraph stands below with the others, not beside the emblem")
    func longDescription() {
        var page = LandingPage()
        page.description = String(repeating: "long ", count: 100) + "\r\n\r\nshort"
        let html = page.render()
        #expect(!html.contains(#"class="lead""#))
        #expect(html.contains(#"<p dir="auto">long long"#))
        #expect(html.contains(#"<p dir="auto">short</p>"#))
    }

    @Test("A long name is set in smaller type")
    func longName() {
        var page = LandingPage()
        page.name = "The relay of the friends of the upper valley"
        #expect(page.render().contains(#"<h1 class="long" dir="auto">"#))
    }

    @Test("A relay that is not ready says so in words")
    func notReady() {
        var page = LandingPage()
        page.health = RelayHealth(isReady: false)
        #expect(page.render().contains(#"<p class="status waiting"><a href="/health">Not ready</a></p>"#))
        #expect(!page.render().contains(#"class="figures""#))
    }

    @Test("A NIP without a known name is listed by its number")
    func unknownNIP() {
        var page = LandingPage()
        page.supportedNIPs = [SupportedNIP(9999), SupportedNIP(7, title: "Seven")]
        let html = page.render()
        #expect(html.contains("<b>NIP-9999</b> <span></span>"))
        #expect(html.contains("<b>NIP-07</b> <span>Seven</span>"))
    }
}
