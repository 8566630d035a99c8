public import Nostr

/// Why an event would not be stored if it were saved now.
public enum Standing: Sendable, Hashable {
    /// It is stored, with this signature.
    case stored(Signature)
    /// A newer version is stored (NIP-01, replaceable and addressable events), and no deletion names the event.
    case superseded
}
