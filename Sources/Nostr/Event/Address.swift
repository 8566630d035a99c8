/// The coordinate of a replaceable or addressable event, `kind:pubkey:identifier` (NIP-01, the `a` tag).
public struct Address: Hashable, Sendable {
    public let kind: Kind
    public let pubkey: PublicKey
    /// The `d` tag's value in canonical form; empty for replaceable kinds.
    public let identifier: [UInt8]

    public init(kind: Kind, pubkey: PublicKey, identifier: [UInt8]) {
        self.kind = kind
        self.pubkey = pubkey
        self.identifier = identifier
    }

    /// Reads the canonical value of an `a` tag; nil where it is malformed or its kind is neither replaceable nor
    /// addressable.
    public init?(canonical text: Span<UInt8>) {
        var position = 0
        var number = 0
        while position < text.count, position < 6, (0x30...0x39).contains(text[position]) {
            number = number * 10 + Int(text[position] - 0x30)
            position += 1
        }
        // A kind with leading zeros names no event's coordinate: it would be a second spelling of one.
        guard position == 1 || position > 1 && text[0] != UInt8(ascii: "0"), let raw = UInt16(exactly: number),
            text.count >= position + 66,
            text[position] == UInt8(ascii: ":"), text[position + 65] == UInt8(ascii: ":"),
            let pubkey = PublicKey(hex: text.extracting(position + 1..<position + 65))
        else { return nil }
        let kind = Kind(raw)
        let identifier = text.extracting(position + 66..<text.count).withUnsafeBufferPointer { Array($0) }
        switch kind.retention {
        case .replaceable where identifier.isEmpty, .addressable: break
        default: return nil
        }
        self.init(kind: kind, pubkey: pubkey, identifier: identifier)
    }
}

extension Event {
    /// The event's coordinate, or nil where its kind is neither replaceable nor addressable.
    public var address: Address? {
        switch self.kind.retention {
        case .replaceable: Address(kind: self.kind, pubkey: self.pubkey, identifier: [])
        case .addressable: Address(kind: self.kind, pubkey: self.pubkey, identifier: self.canonicalIdentifier)
        case .regular, .ephemeral: nil
        }
    }

    /// Whether this event wins over another of the same address: the later one, of equals the lower id (NIP-01).
    public func replaces(createdAt: Int64, id: EventID) -> Bool {
        self.createdAt != createdAt ? self.createdAt > createdAt : self.id < id
    }
}
