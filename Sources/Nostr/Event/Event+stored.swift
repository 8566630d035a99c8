extension Event {
    /// Reads canonical JSON that the relay wrote itself; nil where it is damaged. The id is not computed again.
    public init?(canonical json: [UInt8]) {
        let text = json.span
        var reader = JSONReader(text)
        guard let draft = try? reader.readEvent(), reader.peek() == nil,
            case .success(let (fields, tags, content)) = draft.fields(), tags.isCompact
        else { return nil }
        self.init(fields: fields, json: json, tagsRange: tags.range, contentRange: content.range)
    }

    /// Where the tags in canonical JSON begin at the earliest.
    public static let leastTagsOffset = 180

    /// The id in canonical JSON, or nil where it is damaged.
    public static func id(ofCanonical json: Span<UInt8>) -> EventID? {
        guard json.count > Self.idRange.upperBound else { return nil }
        return EventID(hex: json.extracting(Self.idRange))
    }

    /// The author in canonical JSON, or nil where it is damaged.
    public static func author(ofCanonical json: Span<UInt8>) -> PublicKey? {
        guard json.count > Self.authorRange.upperBound else { return nil }
        return PublicKey(hex: json.extracting(Self.authorRange))
    }

    /// The signature in canonical JSON, or nil where it is damaged.
    public static func signature(ofCanonical json: Span<UInt8>) -> Signature? {
        guard json.count > 130 else { return nil }
        return Signature(hex: json.extracting(json.count - 130..<json.count - 2))
    }
}
