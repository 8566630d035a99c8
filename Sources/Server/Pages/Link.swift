/// A text of the operator's and, where it is safe to follow, the address that it leads to.
struct Link: Equatable, Sendable {
    /// What the reader sees.
    var text: String
    /// Where the link leads; `nil` if the text is only to be read.
    var href: String?

    /// The text, linked if it is an `http` or `https` address.
    static func web(_ text: String) -> Link {
        for scheme in ["https://", "http://"] where self.has(scheme, text) {
            return Link(text: String(text.dropFirst(scheme.count)).trimmingLastSlash, href: text)
        }
        return Link(text: text, href: nil)
    }

    /// A contact, linked if it is a `mailto`, `http` or `https` URI or an npub (NIP-11, Contact; NIP-21).
    static func contact(_ text: String) -> Link {
        if self.has("mailto:", text) {
            let address = text.dropFirst("mailto:".count)
            return Link(text: String(address.prefix { $0 != "?" }), href: text)
        }
        let key = self.key(self.has("nostr:", text) ? String(text.dropFirst("nostr:".count)) : text)
        return key.href == nil ? self.web(text) : key
    }

    /// The operator's key, linked if it is an npub (NIP-21).
    static func key(_ text: String) -> Link {
        Link(text: text, href: self.isNpub(text) ? "nostr:\(text)" : nil)
    }

    /// Whether the text is an address that a client can connect to: `wss` or `ws`, without spaces.
    static func isRelayURL(_ text: String) -> Bool {
        self.has("wss://", text) || self.has("ws://", text)
    }

    /// Whether the text has the shape of an npub: `npub1` and 58 characters of the bech32 alphabet (NIP-19).
    private static func isNpub(_ text: String) -> Bool {
        let alphabet = Set("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
        return text.utf8.count == 63 && text.hasPrefix("npub1") && text.utf8.dropFirst(5).allSatisfy(alphabet.contains)
    }

    /// Whether the text is this scheme, in any case, and then only printable characters without spaces.
    private static func has(_ scheme: String, _ text: String) -> Bool {
        let start = text.prefix(scheme.count).lowercased()
        guard start == scheme, text.count > scheme.count else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
        }
    }
}

extension String {
    /// The text without the slash that ends the address of a site's first page.
    fileprivate var trimmingLastSlash: String {
        self.hasSuffix("/") && self.count > 1 ? String(self.dropLast()) : self
    }
}
