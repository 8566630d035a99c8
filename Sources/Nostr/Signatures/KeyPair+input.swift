extension KeyPair {
    /// Reads a secret key as its owner keeps it, an nsec (NIP-19) or 64 lower-case hexadecimal digits; nil for anything
    /// else. The text is not to be shown to anybody.
    public init?(secretText text: String) {
        if let (prefix, bytes) = Bech32.decode(text) {
            guard prefix == "nsec", let secret = Bytes32(bytes) else { return nil }
            self.init(secret: secret)
        } else {
            let digits = Array(text.utf8)
            guard let secret = Bytes32(hex: digits.span) else { return nil }
            self.init(secret: secret)
        }
    }

    /// The answer to a relay's challenge (NIP-42); nil where the library refuses to sign.
    ///
    /// - Parameters:
    ///   - url: the relay's, as the client knows it.
    ///   - now: seconds since 1970.
    public func authentication(challenge: String, relay url: String, now: Int64) -> Event? {
        Event.signed(
            by: self,
            kind: .authentication,
            tags: [["relay", url], ["challenge", challenge]],
            createdAt: now
        )
    }
}
