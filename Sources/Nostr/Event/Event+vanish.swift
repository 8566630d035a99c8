extension Event {
    /// The value of a `relay` tag by which a request to vanish is for all relays (NIP-62).
    private static let allRelays = "ALL_RELAYS"

    /// Why a relay does not carry out a request to vanish (NIP-62); nil where it does, and for every other kind.
    ///
    /// - Parameter relay: its public address; nil where it has none, and is only meant by requests to all relays.
    public func vanishRefusal(at relay: RelayURL?) -> Refusal? {
        guard self.kind == .vanish else { return nil }
        let names = self.tags.filter { $0[0] == "relay" && $0.count > 1 }.map { $0[1] }
        guard !names.isEmpty else {
            return Refusal(.invalid, "a request to vanish names relays in relay tags, or \(Self.allRelays)")
        }
        if names.contains(Self.allRelays) { return nil }
        if let relay, names.contains(where: { RelayURL($0) == relay }) { return nil }
        return Refusal(.blocked, "this request to vanish is for other relays")
    }
}
