/// A signed event (NIP-01), kept as its canonical JSON: the seven fields in the order id, pubkey, created_at, kind,
/// tags, content, sig, without white space, strings in the form of `CanonicalText`.
public struct Event: Sendable {
    public let id: EventID
    public let pubkey: PublicKey
    /// Seconds since 1970, not negative.
    public let createdAt: Int64
    public let kind: Kind
    public let signature: Signature
    /// The canonical JSON, UTF-8.
    public let json: [UInt8]
    /// The single-letter tags with a value, which filters can ask for.
    public let indexedTags: [IndexedTag]
    /// How many tags there are.
    public let tagCount: Int
    /// Bytes of the longest tag element, as serialised.
    public let longestTagElementBytes: Int

    /// Where the array of tags stands in `json`, brackets included.
    let tagsRange: Range<Int>
    /// Where the content stands in `json`, quotes excluded.
    let contentRange: Range<Int>

    init(fields: EventFields, json: [UInt8], tagsRange: Range<Int>, contentRange: Range<Int>) {
        self.id = fields.id
        self.pubkey = fields.pubkey
        self.createdAt = fields.createdAt
        self.kind = fields.kind
        self.signature = fields.signature
        self.json = json
        self.tagsRange = tagsRange
        self.contentRange = contentRange
        let index = TagIndex(json.span, in: tagsRange)
        self.indexedTags = index.tags
        self.tagCount = index.count
        self.longestTagElementBytes = index.longestElementBytes
    }
}

extension Event: Equatable {
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.json == rhs.json }
}
