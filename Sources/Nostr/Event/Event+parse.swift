extension Event {
    /// Reads one event object from UTF-8 text and checks all that needs no signature: shape, types, and that the id is
    /// the hash of the rest (NIP-01). Unknown fields are dropped, of duplicate fields the last counts, and each of them
    /// has to be well formed.
    public init(parsing text: Span<UInt8>) throws(EventError) {
        guard UTF8Check.isValid(text) else {
            throw EventError(claimedID: nil, text: "the text is not UTF-8", isMalformedJSON: true)
        }
        var reader = JSONReader(text)
        let draft: EventDraft
        do {
            draft = try reader.readEvent()
            try reader.expectEnd()
        } catch {
            throw EventError(claimedID: nil, text: "\(error)", isMalformedJSON: true)
        }
        self = try Event(draft, of: text)
    }

    /// Completes an event that was read from `text`.
    init(_ draft: EventDraft, of text: Span<UInt8>) throws(EventError) {
        let claimedID = Self.claimedID(draft, of: text)
        switch draft.fields() {
        case .failure(let fault): throw EventError(claimedID: claimedID, text: fault.text)
        case .success(let (fields, tags, content)):
            self = Self.assemble(fields, tags: tags, content: content, of: text)
        }
        guard self.hasCanonicalID else {
            throw EventError(claimedID: claimedID, text: "id is not the hash of the event")
        }
    }

    private static func claimedID(_ draft: EventDraft, of text: Span<UInt8>) -> [UInt8]? {
        // A character may be written as an escape of six bytes; what is no id is repeated up to a length.
        guard let token = draft.claimedID, token.range.count <= 128 * 6 else { return nil }
        var claimed: [UInt8] = []
        CanonicalText.append(token, of: text, to: &claimed)
        return claimed.count <= 128 ? claimed : nil
    }

    /// Writes the canonical JSON of fields that were read from `text`.
    private static func assemble(
        _ fields: EventFields,
        tags: TagsToken,
        content: StringToken,
        of text: Span<UInt8>
    ) -> Event {
        var json: [UInt8] = []
        json.reserveCapacity(360 + tags.range.count + content.range.count)
        Self.appendHead(fields, to: &json)
        let tagsStart = json.count
        if tags.isCompact, !tags.hasEscapes {
            json.append(text.extracting(tags.range))
        } else {
            Self.appendTags(tags, of: text, to: &json)
        }
        let tagsRange = tagsStart..<json.count
        json.append(contentsOf: #","content":""#.utf8)
        let contentStart = json.count
        CanonicalText.append(content, of: text, to: &json)
        let contentRange = contentStart..<json.count
        json.append(contentsOf: #"","sig":""#.utf8)
        Hex.append(fields.signature.r, to: &json)
        Hex.append(fields.signature.s, to: &json)
        json.append(contentsOf: #""}"#.utf8)
        return Event(fields: fields, json: json, tagsRange: tagsRange, contentRange: contentRange)
    }

    static func appendHead(_ fields: EventFields, to json: inout [UInt8]) {
        json.append(contentsOf: #"{"id":""#.utf8)
        Hex.append(fields.id.bytes, to: &json)
        json.append(contentsOf: #"","pubkey":""#.utf8)
        Hex.append(fields.pubkey.bytes, to: &json)
        json.append(contentsOf: #"","created_at":"#.utf8)
        json.append(decimal: fields.createdAt)
        json.append(contentsOf: #","kind":"#.utf8)
        json.append(decimal: Int64(fields.kind.rawValue))
        json.append(contentsOf: #","tags":"#.utf8)
    }

    /// Rewrites tags that are known to be well formed.
    private static func appendTags(_ tags: TagsToken, of text: Span<UInt8>, to json: inout [UInt8]) {
        var reader = JSONReader(text.extracting(tags.range))
        let text = reader.text
        while let byte = reader.peek() {
            if byte == UInt8(ascii: "\""), let token = try? reader.readString() {
                json.append(byte)
                CanonicalText.append(token, of: text, to: &json)
                json.append(byte)
            } else {
                json.append(byte)
                reader.advance(to: reader.position + 1)
            }
        }
    }
}
