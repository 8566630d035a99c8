extension Event {
    /// Whether the author forbids that anyone else publishes the event: a tag of the one element `-` (NIP-70).
    public var isProtected: Bool {
        let tags = self.json.span.extracting(self.tagsRange)
        // A quote inside a string is always escaped, so these bytes are a tag and nothing else.
        let needle: StaticString = #"["-"]"#
        guard tags.count >= needle.utf8CodeUnitCount else { return false }
        for start in 0...(tags.count - needle.utf8CodeUnitCount) where tags[start + 2] == UInt8(ascii: "-") {
            if tags.extracting(start..<start + needle.utf8CodeUnitCount).equals(needle) { return true }
        }
        return false
    }

    /// Whether the event is a repost whose content holds a protected event (NIP-70, NIP-18).
    public var embedsProtected: Bool {
        guard self.kind == .repost || self.kind == .genericRepost, !self.contentRange.isEmpty else { return false }
        let content = CanonicalText.unescape(self.json.span.extracting(self.contentRange))
        // Whoever changes the event makes it another one, or none.
        return (try? Event(parsing: content.span))?.isProtected ?? false
    }
}
