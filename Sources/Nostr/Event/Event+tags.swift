extension Event {
    /// The value of an indexed tag in its canonical form, without quotes.
    @_lifetime(borrow self)
    public func canonicalValue(of tag: IndexedTag) -> Span<UInt8> { self.json.span.extracting(tag.range) }

    /// All tags, decoded; for what looks at tags by name, not for the path of every event.
    public var tags: [[String]] {
        var tags: [[String]] = []
        var position = self.tagsRange.lowerBound + 1
        while position < self.tagsRange.upperBound - 1 {
            var elements: [String] = []
            position += 1
            while true {
                let range = TagIndex.element(self.json.span, at: position)
                elements.append(CanonicalText.decode(self.json.span.extracting(range)))
                position = range.upperBound + 2
                if self.json[position - 1] == UInt8(ascii: "]") { break }
            }
            tags.append(elements)
            if self.json[position] == UInt8(ascii: ",") { position += 1 }
        }
        return tags
    }

    /// The value of the first tag of this name, decoded; nil where there is none or it has no value.
    public func firstValue(ofTag name: String) -> String? {
        guard let tag = self.tags.first(where: { $0[0] == name }), tag.count > 1 else { return nil }
        return tag[1]
    }

    /// The values of the tags with this single-letter name, decoded.
    public func values(ofTag letter: Character) -> [String] {
        guard let ascii = letter.asciiValue else { return [] }
        return self.indexedTags.filter { $0.letter == ascii }.map {
            CanonicalText.decode(self.canonicalValue(of: $0))
        }
    }

    /// The content, decoded.
    public var content: String { CanonicalText.decode(self.json.span.extracting(self.contentRange)) }

    /// Unicode scalars in the content, as NIP-11's `max_content_length` counts them.
    public var contentCharacters: Int {
        let content = self.json.span.extracting(self.contentRange)
        var count = 0
        var position = 0
        while position < content.count {
            let byte = content[position]
            if byte == UInt8(ascii: "\\"), position + 1 < content.count {
                position += content[position + 1] == UInt8(ascii: "u") ? 6 : 2
            } else {
                position += 1
            }
            if byte & 0xC0 != 0x80 { count += 1 }
        }
        return count
    }

    /// Bytes of the content as serialised: an upper bound of its characters.
    public var contentBytes: Int { self.contentRange.count }

    /// The `d` tag's canonical value: the first one counts, and a missing one equals an empty one (NIP-01).
    public var canonicalIdentifier: [UInt8] {
        var position = self.tagsRange.lowerBound + 1
        let json = self.json.span
        while position < self.tagsRange.upperBound - 1 {
            let name = TagIndex.element(json, at: position + 1)
            let isIdentifier = name.count == 1 && json[name.lowerBound] == UInt8(ascii: "d")
            position = name.upperBound + 1
            if isIdentifier {
                guard json[position] == UInt8(ascii: ",") else { return [] }
                return Array(self.json[TagIndex.element(json, at: position + 1)])
            }
            while json[position] == UInt8(ascii: ",") {
                position = TagIndex.element(json, at: position + 1).upperBound + 1
            }
            position += json[position + 1] == UInt8(ascii: ",") ? 2 : 1
        }
        return []
    }
}
