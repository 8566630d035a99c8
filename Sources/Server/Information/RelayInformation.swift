/// The relay information document that a client reads from the relay's own address (NIP-11).
///
/// A field that is `nil` is left out of the document. Five fields left NIP-11 in February 2026 (`privacy_policy`,
/// `relay_countries`, `language_tags`, `tags`, `posting_policy`); clients still read them, so an operator may set them.
package struct RelayInformation: Encodable, Equatable, Sendable {
    /// What clients call the relay, best below 30 characters (NIP-11, Name).
    package var name: String?
    /// Plain text of any length; an empty line separates paragraphs (NIP-11, Description).
    package var description: String?
    /// The URL of a wide picture of the relay (NIP-11, Banner).
    package var banner: String?
    /// The URL of a square picture of the relay (NIP-11, Icon).
    package var icon: String?
    /// The administrator's public key, 64 lower-case hex digits (NIP-11, Pubkey).
    package var pubkey: String?
    /// The relay's own public key, 64 lower-case hex digits (NIP-11, Self).
    package var relayPubkey: String?
    /// A second way to reach the administrator, as a URI (NIP-11, Contact).
    package var contact: String?
    /// The numbers of the relay-side NIPs that are switched on (NIP-11, Supported NIPs).
    package var supportedNIPs: [Int]?
    /// The URL of the software's home page (NIP-11, Software).
    package var software: String?
    /// The software's version (NIP-11, Version).
    package var version: String?
    /// The URL of the rules for posting (NIP-11 until February 2026, Community Preferences).
    package var postingPolicy: String?
    /// The URL of the privacy policy (NIP-11 until February 2026, Privacy Policy).
    package var privacyPolicy: String?
    /// The URL of the terms of service (NIP-11, Terms of Service).
    package var termsOfService: String?
    /// Countries whose law binds the relay, ISO 3166-1 alpha-2 or `*` (NIP-11 until February 2026).
    package var relayCountries: [String]?
    /// Languages spoken here, BCP 47 tags, most spoken first (NIP-11 until February 2026, Community Preferences).
    package var languageTags: [String]?
    /// Topics the relay keeps to, such as `sfw-only` (NIP-11 until February 2026, Community Preferences).
    package var tags: [String]?
    /// The limits that the relay enforces (NIP-11, Server Limitations).
    package var limitation: Limitation?
    /// The URL of the page where one pays for access (NIP-11, Pay-to-Relay).
    package var paymentsURL: String?
    /// What access costs (NIP-11, Pay-to-Relay).
    package var fees: Fees?

    /// Creates a document without any field.
    package init() {}

    private enum CodingKeys: String, CodingKey {
        case name, description, banner, icon, pubkey
        case relayPubkey = "self"
        case contact
        case supportedNIPs = "supported_nips"
        case software, version
        case postingPolicy = "posting_policy"
        case privacyPolicy = "privacy_policy"
        case termsOfService = "terms_of_service"
        case relayCountries = "relay_countries"
        case languageTags = "language_tags"
        case tags, limitation
        case paymentsURL = "payments_url"
        case fees
    }
}
