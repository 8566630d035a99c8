import Nostr

/// An event's id with one who may have written it: a deletion by anybody else does not concern the event (NIP-09).
struct AuthoredID: Hashable, Comparable, Sendable {
    let id: EventID
    let pubkey: PublicKey

    static func < (one: AuthoredID, other: AuthoredID) -> Bool {
        (one.id, one.pubkey) < (other.id, other.pubkey)
    }
}
