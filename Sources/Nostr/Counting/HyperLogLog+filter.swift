extension HyperLogLog {
    /// The empty sketch for a count by this filter; nil where it asks for no tag (NIP-45, "`offset` computation").
    public init?(for filter: Filter) {
        guard let value = filter.tags.first?.values.first else { return nil }
        let digit = Self.reference(of: value).array[16] >> 4
        self.init(offset: Int(digit) + 8)
    }

    /// The id or key that a tag's value names, or the hash of a value that names none.
    private static func reference(of value: [UInt8]) -> Bytes32 {
        let text = value.span
        if let named = Bytes32(hex: text) { return named }
        if let author = Self.author(inAddress: text) { return author }
        return SHA256.digest(Array(CanonicalText.decode(text).utf8))
    }

    /// The key in `<kind>:<pubkey>:<d-tag>`.
    private static func author(inAddress text: Span<UInt8>) -> Bytes32? {
        var digits = 0
        while digits < text.count, digits < 6, (0x30...0x39).contains(text[digits]) { digits += 1 }
        let (key, end) = (digits + 1, digits + 65)
        guard digits > 0, text.count > end, text[digits] == UInt8(ascii: ":"), text[end] == UInt8(ascii: ":") else {
            return nil
        }
        return Bytes32(hex: text.extracting(key..<end))
    }
}
