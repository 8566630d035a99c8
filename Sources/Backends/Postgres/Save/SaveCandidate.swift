import Nostr

/// An event that is to be saved, with what the rules look at in it, read once.
struct SaveCandidate: Sendable {
    /// What a deletion request names, as far as its author may ask for it (NIP-09).
    enum Target: Hashable, Sendable {
        case event(EventID)
        case address(AddressKey)
    }

    let event: Event
    /// Nil where the event's kind is neither replaceable nor addressable.
    let address: AddressKey?
    /// Who may delete it beside its author: see `Event.recipients`.
    let recipients: Set<PublicKey>
    /// In the order of the request's tags; empty for what is no request.
    let targets: [Target]

    /// - Parameter deletes: whether a deletion request does what it asks for.
    init(_ event: Event, deletes: Bool = true) {
        self.event = event
        self.address = event.address.map { AddressKey($0) }
        self.recipients = event.recipients
        self.targets = deletes && event.kind == .deletion ? Self.targets(of: event) : []
    }

    /// The author and the recipients.
    var keys: [PublicKey] { [self.event.pubkey] + self.recipients }

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
