/// A bech32 entity that names something public (NIP-19). Secret keys are not among them: they are refused unread.
public enum Entity: Hashable, Sendable {
    case publicKey(PublicKey)
    case note(EventID)
    case profile(PublicKey, relays: [String])
    case event(EventID, author: PublicKey?, kind: Kind?, relays: [String])
    case address(Address, relays: [String])

    /// The human-readable part.
    public var prefix: String {
        switch self {
        case .publicKey: "npub"
        case .note: "note"
        case .profile: "nprofile"
        case .event: "nevent"
        case .address: "naddr"
        }
    }

    /// Reads an entity; a `nostr:` prefix (NIP-21) is allowed.
    public init(bech32 text: String) throws(EntityError) {
        let text = text.hasPrefix("nostr:") ? String(text.dropFirst(6)) : text
        guard !text.lowercased().hasPrefix("nsec1") else { throw .secretKey }
        guard let (prefix, bytes) = Bech32.decode(text) else { throw .malformed }
        switch prefix {
        case "npub":
            guard let key = Bytes32(bytes) else { throw .malformed }
            self = .publicKey(PublicKey(key))
        case "note":
            guard let id = Bytes32(bytes) else { throw .malformed }
            self = .note(EventID(id))
        case "nprofile", "nevent", "naddr":
            guard let fields = EntityFields(bytes), let entity = fields.entity(prefix) else { throw .malformed }
            self = entity
        default: throw .unknown(prefix: prefix)
        }
    }

    /// The entity as bech32 text.
    public var bech32: String {
        switch self {
        case .publicKey(let key): Bech32.encode(prefix: self.prefix, bytes: key.bytes.array)
        case .note(let id): Bech32.encode(prefix: self.prefix, bytes: id.bytes.array)
        case .profile, .event, .address: Bech32.encode(prefix: self.prefix, bytes: EntityFields(self).bytes)
        }
    }
}

/// Why a text is no public bech32 entity.
public enum EntityError: Error, Equatable {
    case secretKey
    case malformed
    case unknown(prefix: String)
}
