import Nostr

/// An event's id with one who may have written it, or whom it may be addressed to if it is a gift wrap: a deletion by
/// anybody else does not concern the event (NIP-09, NIP-59).
struct AuthoredID: Hashable, Comparable, Sendable {
    let id: EventID
    let pubkey: PublicKey

    static func < (one: AuthoredID, other: AuthoredID) -> Bool {
        (one.id, one.pubkey) < (other.id, other.pubkey)
    }
}
