import Nostr

/// The coordinate of a replaceable or addressable event as a database keys it: its identifier, of any length, is a
/// SHA-256 of 32 bytes.
struct AddressKey: Hashable, Comparable, Sendable {
    let pubkey: PublicKey
    let kind: Kind
    let digest: Bytes32

    init(pubkey: PublicKey, kind: Kind, digest: Bytes32) {
        self.pubkey = pubkey
        self.kind = kind
        self.digest = digest
    }

    init(_ address: Address) {
        self.init(pubkey: address.pubkey, kind: address.kind, digest: SHA256.digest(address.identifier))
    }

    static func < (one: AddressKey, other: AddressKey) -> Bool {
        (one.pubkey, one.kind, one.digest) < (other.pubkey, other.kind, other.digest)
    }
}
