extension LandingView {
    /// The longest name, in characters, that is set in the largest type.
    private static let longestLargeName = 24

    /// The longest first paragraph, in characters, that stands beside the emblem; a longer one goes below.
    private static let longestLead = 280

    /// Creates the view of a page.
    init(_ page: LandingPage) {
        let address = page.relayURL?.nonBlank.flatMap { Link.isRelayURL($0) ? $0 : nil }
        let paragraphs = Self.paragraphs(of: page.description ?? "")
        let lead = paragraphs.first.flatMap { $0.count <= Self.longestLead ? $0 : nil }
        self.name = page.name?.nonBlank ?? address.map(Self.host) ?? "A Nostr relay"
        self.isLongName = self.name.count > Self.longestLargeName
        self.lead = lead
        self.about = lead == nil ? paragraphs : Array(paragraphs.dropFirst())
        self.address = address
        // ws:// becomes http:// and wss:// https://: the document lies at the relay's own address.
        self.documentURL = address.map { "http" + $0.dropFirst(2) }
        self.payments = page.paymentsURL?.nonBlank.map(Link.web).flatMap { $0.href == nil ? nil : $0 }
        self.status = page.health.map { Status(phrase: $0.isReady ? "In service" : "Not ready", isReady: $0.isReady) }
        self.figures = page.health?.facts ?? []
        self.limits = page.limits
        self.nips = page.supportedNIPs
        self.contacts = Self.contacts(of: page)
        self.software = Link(text: "Martlet", href: page.softwareURL?.nonBlank.flatMap { Link.web($0).href })
        self.version = page.softwareVersion?.nonBlank
    }

    /// The operator's key, contact and documents, as far as they are given.
    private static func contacts(of page: LandingPage) -> [Contact] {
        let operatorKey = page.operatorNpub?.nonBlank.map {
            Contact(term: "Operator", link: Link.key($0), isKey: true)
        }
        let contact = page.contact?.nonBlank.map {
            let link = Link.contact($0)
            return Contact(term: "Contact", link: link, isKey: link.href?.hasPrefix("nostr:") == true)
        }
        let documents = [
            ("Posting policy", page.postingPolicy),
            ("Terms of service", page.termsOfService),
            ("Privacy policy", page.privacyPolicy),
        ].compactMap { term, text in
            text?.nonBlank.map { Contact(term: term, link: Link.web($0), isKey: false) }
        }
        return [operatorKey, contact].compactMap(\.self) + documents
    }

    /// The paragraphs of a description, which empty lines separate (NIP-11, Description).
    private static func paragraphs(of description: String) -> [String] {
        description.replacing("\r\n", with: "\n").split(separator: "\n\n").compactMap { String($0).nonBlank }
    }

    /// The host and port of an address.
    private static func host(of address: String) -> String {
        let afterScheme = address.drop { $0 != "/" }.drop { $0 == "/" }
        return String(afterScheme.prefix { $0 != "/" })
    }
}
