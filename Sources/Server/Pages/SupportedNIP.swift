/// A NIP that the relay implements, as the landing page lists it (NIP-11, Supported NIPs).
package struct SupportedNIP: Equatable, Sendable {
    /// The number as NIPs are spelt, such as `NIP-01`.
    package let label: String
    /// What the NIP is called; empty if its name is not known here.
    package let title: String
    /// The address of the NIP's text.
    package let url: String

    /// Creates an entry with the title given, or the one that the NIP has in the list of NIPs.
    package init(_ number: Int, title: String? = nil) {
        let digits = number < 10 ? "0\(number)" : "\(number)"
        self.label = "NIP-\(digits)"
        self.title = title ?? Self.titles[number] ?? ""
        self.url = "https://github.com/nostr-protocol/nips/blob/master/\(digits).md"
    }

    /// The names of the NIPs that concern a relay, short enough for one line.
    private static let titles = [
        1: "Basic protocol flow",
        2: "Follow list",
        4: "Encrypted direct message",
        5: "Internet identifiers",
        9: "Event deletion request",
        11: "Relay information document",
        13: "Proof of work",
        17: "Private direct messages",
        26: "Delegated event signing",
        28: "Public chat",
        29: "Relay-based groups",
        32: "Labeling",
        37: "Draft events",
        40: "Expiration timestamp",
        42: "Authentication of clients",
        43: "Relay access metadata",
        44: "Encrypted payloads",
        45: "Counting results",
        47: "Nostr Wallet Connect",
        50: "Search capability",
        56: "Reporting",
        57: "Lightning zaps",
        59: "Gift wrap",
        62: "Request to vanish",
        65: "Relay list metadata",
        66: "Relay discovery and liveness",
        67: "EOSE completeness hint",
        70: "Protected events",
        77: "Negentropy syncing",
        78: "Application-specific data",
        86: "Relay management API",
        94: "File metadata",
        98: "HTTP auth",
    ]
}
