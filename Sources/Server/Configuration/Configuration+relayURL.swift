public import Nostr

extension Configuration {
    /// The relay's own URL, as proofs and requests of clients name it; nil where the relay can be reached from
    /// elsewhere and nobody has configured one.
    public var relayURL: RelayURL? {
        guard self.url != nil || self.listen.allSatisfy(\.isLoopback) else { return nil }
        return self.publicURL.flatMap { RelayURL($0) }
    }
}
