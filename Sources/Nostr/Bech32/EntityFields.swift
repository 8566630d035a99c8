/// The type-length-value list inside nprofile, nevent and naddr (NIP-19).
struct EntityFields {
    private enum FieldType { static let special: UInt8 = 0, relay: UInt8 = 1, author: UInt8 = 2, kind: UInt8 = 3 }

    private var special: [UInt8]?
    private var relays: [String] = []
    private var author: PublicKey?
    private var kind: UInt32?

    /// Reads the list; unknown types are passed over, a truncated list is nil.
    init?(_ bytes: [UInt8]) {
        var position = 0
        while position < bytes.count {
            guard position + 2 <= bytes.count else { return nil }
            let end = position + 2 + Int(bytes[position + 1])
            guard end <= bytes.count else { return nil }
            let value = Array(bytes[position + 2..<end])
            switch bytes[position] {
            case FieldType.special: self.special = self.special ?? value
            case FieldType.relay: self.relays.append(String(decoding: value, as: UTF8.self))
            case FieldType.author:
                guard let key = Bytes32(value) else { return nil }
                self.author = PublicKey(key)
            case FieldType.kind:
                guard value.count == 4 else { return nil }
                self.kind = value.reduce(0) { $0 << 8 | UInt32($1) }
            default: break
            }
            position = end
        }
    }

    init(_ entity: Entity) {
        switch entity {
        case .publicKey(let key): self.special = key.bytes.array
        case .note(let id): self.special = id.bytes.array
        case .profile(let key, let relays): (self.special, self.relays) = (key.bytes.array, relays)
        case .event(let id, let author, let kind, let relays):
            (self.special, self.author, self.relays) = (id.bytes.array, author, relays)
            self.kind = kind.map { UInt32($0.rawValue) }
        case .address(let address, let relays):
            self.special = CanonicalText.unescape(address.identifier.span)
            (self.author, self.kind, self.relays) = (address.pubkey, UInt32(address.kind.rawValue), relays)
        }
    }

    /// The entity of this prefix, or nil where a field is missing.
    func entity(_ prefix: String) -> Entity? {
        let kind = self.kind.flatMap { UInt16(exactly: $0) }.map { Kind($0) }
        switch prefix {
        case "nprofile":
            return self.special.flatMap { Bytes32($0) }.map { .profile(PublicKey($0), relays: self.relays) }
        case "nevent":
            guard let id = self.special.flatMap({ Bytes32($0) }) else { return nil }
            return .event(EventID(id), author: self.author, kind: kind, relays: self.relays)
        default:
            guard let special, let author, let kind else { return nil }
            var identifier: [UInt8] = []
            CanonicalText.append(String(decoding: special, as: UTF8.self), to: &identifier)
            return .address(Address(kind: kind, pubkey: author, identifier: identifier), relays: self.relays)
        }
    }

    /// The list as bytes; values beyond 255 bytes are left out, as the form cannot hold them.
    var bytes: [UInt8] {
        var fields: [(UInt8, [UInt8])] = []
        if let special { fields.append((FieldType.special, special)) }
        fields += self.relays.map { (FieldType.relay, Array($0.utf8)) }
        if let author { fields.append((FieldType.author, author.bytes.array)) }
        if let kind { fields.append((FieldType.kind, withUnsafeBytes(of: kind.bigEndian) { Array($0) })) }
        return fields.filter { $0.1.count <= 255 }.flatMap { [$0.0, UInt8($0.1.count)] + $0.1 }
    }
}
