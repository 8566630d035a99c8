import Nostr

/// A key that has vanished and whose events have not all been removed, as both databases keep it.
struct VanishTask {
    let author: Int64
    let pubkey: PublicKey
    let until: Int64
    /// The hash of its `p` tag.
    let recipient: Int64
    /// How far the tag index has been gone along for gift wraps. None come that are older: they are refused.
    var place: IndexEntry
}
