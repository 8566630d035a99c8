/// The page that a browser gets at the relay's address.
///
/// Every text may be hostile: it is escaped, and linked only where the address is safe to follow. A `nil` or blank
/// field leaves no trace on the page.
package struct LandingPage: Equatable, Sendable {
    /// The relay's name; without one, the host of its address stands in.
    package var name: String?
    /// Plain text; an empty line separates paragraphs (NIP-11, Description).
    package var description: String?
    /// A `mailto`, `http` or `https` URI or an npub is linked, anything else is shown (NIP-11, Contact).
    package var contact: String?
    /// The operator's public key as an npub (NIP-19).
    package var operatorNpub: String?
    /// The relay's public address, `wss://…` or `ws://…`; without one, the page does not say how to connect.
    package var relayURL: String?
    /// The limits that the relay enforces, in the order shown (NIP-11, Server Limitations).
    package var limits: [Fact] = []
    /// The NIPs that the relay implements, in the order shown (NIP-11, Supported NIPs).
    package var supportedNIPs: [SupportedNIP] = []
    /// The address of the rules for posting.
    package var postingPolicy: String?
    /// The address of the terms of service (NIP-11, Terms of Service).
    package var termsOfService: String?
    /// The address of the privacy policy.
    package var privacyPolicy: String?
    /// The address where one pays for access (NIP-11, Pay-to-Relay).
    package var paymentsURL: String?
    /// The address of the software's home page (NIP-11, Software).
    package var softwareURL: String?
    /// The version of the software, such as `1.0.0` (NIP-11, Version).
    package var softwareVersion: String?
    /// How the relay does at this moment.
    package var health: RelayHealth?

    /// Creates a page that says nothing but that a relay is here.
    package init() {}

    /// The whole page as HTML; send it with ``PageSecurity/contentSecurityPolicy``.
    package func render() -> String {
        PageTemplates.render(LandingView(self), with: "landing")
    }
}
