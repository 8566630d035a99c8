import Nostr

/// An event that is to be saved, with what the rules look at in it, read once.
struct SaveCandidate: Sendable {
    /// What a deletion request names, or one to vanish, as far as its author may ask for it (NIP-09, NIP-62).
    enum Target: Hashable, Sendable {
        case event(EventID)
        case address(AddressKey)
        /// Everything by a key, up to the second of the request.
        case key(PublicKey)
    }

    let event: Event
    /// Nil where the event's kind is neither replaceable nor addressable.
    let address: AddressKey?
    /// Who may delete it beside its author: see `Event.recipients`.
    let recipients: Set<PublicKey>
    /// In the order of the request's tags; empty for what is no request.
    let targets: [Target]

    /// - Parameter deletes: whether a deletion request, or one to vanish, does what it asks for.
    init(_ event: Event, deletes: Bool = true) {
        self.event = event
        self.address = event.address.map { AddressKey($0) }
        self.recipients = event.recipients
        switch event.kind {
        case .deletion where deletes: self.targets = Self.targets(of: event)
        case .vanish where deletes: self.targets = [.key(event.pubkey)]
        default: self.targets = []
        }
    }

    private static func targets(of deletion: Event) -> [Target] {
        var targets: [Target] = []
        for tag in deletion.indexedTags {
            let value = deletion.canonicalValue(of: tag)
            if tag.letter == UInt8(ascii: "e"), let id = EventID(hex: value) {
                targets.append(.event(id))
            } else if tag.letter == UInt8(ascii: "a"), let address = Address(canonical: value),
                address.pubkey == deletion.pubkey
            {
                targets.append(.address(AddressKey(address)))
            }
        }
        return targets
    }
}
