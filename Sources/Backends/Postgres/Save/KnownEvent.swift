import Nostr

/// What the rules need to know of an event that is stored.
struct KnownEvent: Hashable, Sendable {
    /// Its commit position, which names its row.
    let position: Int64
    let id: EventID
    let pubkey: PublicKey
    let kind: Kind
    /// Seconds since 1970.
    let createdAt: Int64
    /// Nil where its kind is neither replaceable nor addressable.
    let address: AddressKey?
    /// Who may delete it beside its author: see `Event.recipients`.
    var recipients: Set<PublicKey> = []

    /// Whether a deletion by this key concerns it.
    func isDeletable(by pubkey: PublicKey) -> Bool { self.pubkey == pubkey || self.recipients.contains(pubkey) }
}
