extension Event {
    /// What a search looks at: the content, and of kinds that have a title, the tags that name and describe the event.
    /// Of a profile and of a channel (NIP-01, NIP-28), whose content is a JSON object, the values of the object.
    public var searchWords: SearchWords {
        var segmenter = Segmenter()
        let content = CanonicalText.unescape(self.json.span.extracting(self.contentRange))
        if Self.metadataKinds.contains(self.kind), let values = Self.values(ofObject: content) {
            for value in values { segmenter.take(value) }
            return segmenter.words
        }
        // A title first: it is short, and a long text may not be looked at to its end.
        if !Self.plainKinds.contains(self.kind) {
            for tag in self.tags where tag.count > 1 && Self.namingTags.contains(tag[0]) { segmenter.take(tag[1]) }
        }
        segmenter.take(String(decoding: content, as: UTF8.self))
        return segmenter.words
    }

    private static let metadataKinds: Set<Kind> = [0, 40, 41]
    /// Kinds whose text is the content and nothing else.
    private static let plainKinds: Set<Kind> = [0, 1, 40, 41, 42, 1_111, 9_802]
    private static let namingTags: Set<String> = ["title", "subject", "name", "summary", "description"]
    /// Addresses of pictures tell nothing.
    private static let unsearchedKeys: Set<String> = ["picture", "banner", "image"]

    /// The strings that a JSON object holds; nil for what is no such object.
    private static func values(ofObject text: [UInt8]) -> [String]? {
        let span = text.span
        var reader = JSONReader(span)
        var values: [String] = []
        do {
            try reader.expect(UInt8(ascii: "{"))
            var goesOn = try reader.begins(closing: UInt8(ascii: "}"))
            while goesOn {
                let key = try reader.readString()
                try reader.expect(UInt8(ascii: ":"))
                if reader.peek() == UInt8(ascii: "\"") {
                    let value = try reader.readString()
                    if !Self.unsearchedKeys.contains(CanonicalText.decode(span.extracting(key.range))) {
                        values.append(CanonicalText.decode(span.extracting(value.range)))
                    }
                } else {
                    try reader.skipValue()
                }
                goesOn = try reader.continues(closing: UInt8(ascii: "}"))
            }
            try reader.expectEnd()
        } catch {
            return nil
        }
        return values
    }
}
