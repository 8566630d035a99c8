/// The seven fields of an event by the names that they have in JSON.
enum EventKey {
    case id, pubkey, createdAt, kind, tags, content, signature

    /// Nil for a name that is none of them; a name written with escapes counts as what it stands for.
    init?(_ token: StringToken, in text: Span<UInt8>) {
        guard let key = token.withBytes(in: text, Self.named) else { return nil }
        self = key
    }

    private static func named(_ name: Span<UInt8>) -> EventKey? {
        switch name.count {
        case 2 where name.equals("id"): .id
        case 3 where name.equals("sig"): .signature
        case 4 where name.equals("kind"): .kind
        case 4 where name.equals("tags"): .tags
        case 6 where name.equals("pubkey"): .pubkey
        case 7 where name.equals("content"): .content
        case 10 where name.equals("created_at"): .createdAt
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes are those of an ASCII literal.
    func equals(_ literal: StaticString) -> Bool {
        guard self.count == literal.utf8CodeUnitCount else { return false }
        for index in 0..<self.count where self[index] != literal.utf8Start[index] { return false }
        return true
    }

    /// Whether the bytes are the same as other bytes.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        for index in 0..<self.count where self[index] != other[index] { return false }
        return true
    }
}
