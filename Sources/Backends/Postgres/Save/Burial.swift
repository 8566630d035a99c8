import Nostr

/// A tombstone that another store has, and that this one takes: what was deleted stays so, without the request.
struct Burial: Sendable {
    let target: SaveCandidate.Target
    /// Who deleted it.
    let pubkey: PublicKey
    /// The second up to which versions of an address are deleted, or a key has vanished.
    let until: Int64

    /// Nil for what is no tombstone.
    init?(_ item: StoredItem) {
        switch item {
        case .event, .record: return nil
        case .deletedEvent(let id, let pubkey):
            self.target = .event(id)
            self.pubkey = pubkey
            self.until = 0
        case .deletedAddress(let kind, let pubkey, let digest, let until):
            self.target = .address(AddressKey(pubkey: pubkey, kind: kind, digest: digest))
            self.pubkey = pubkey
            self.until = until
        case .vanished(let pubkey, let until):
            self.target = .key(pubkey)
            self.pubkey = pubkey
            self.until = until
        }
    }
}
