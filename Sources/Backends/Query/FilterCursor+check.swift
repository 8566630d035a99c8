import Nostr

extension FilterCursor {
    /// Whether the filter really matches what came up through a stream with this prefix.
    func isSatisfied(by row: StoredRow, through prefix: IndexStream.Prefix) -> Bool {
        switch self.plan.residue {
        case .nothing: return true
        case .id: return Event.id(ofCanonical: row.json).flatMap { self.matcher?.names($0) } ?? false
        case .tagValue:
            guard case .tag(_, let letter, let value) = prefix else { return false }
            return row.json.holdsTag(letter: letter, value: value.span)
        case .everything: return Event(canonical: [UInt8](row.json)).flatMap { self.matcher?.matches($0) } ?? false
        }
    }
}

extension Span<UInt8> {
    /// Whether canonical event JSON has a tag that begins with this letter and this value.
    ///
    /// A quote inside a string is always escaped, so `["x","` can stand nowhere but at the head of a tag.
    func holdsTag(letter: UInt8, value: Span<UInt8>) -> Bool {
        let quote = UInt8(ascii: "\"")
        let length = value.count + 7
        guard self.count >= length else { return false }
        for start in min(Event.leastTagsOffset, self.count - length)...(self.count - length)
        where self[start] == UInt8(ascii: "[") {
            guard self[start + 2] == letter, self[start + 1] == quote, self[start + 3] == quote,
                self[start + 4] == UInt8(ascii: ","), self[start + 5] == quote,
                self[start + 6 + value.count] == quote
            else { continue }
            if self.extracting(start + 6..<start + 6 + value.count).isSame(as: value) { return true }
        }
        return false
    }

    private func isSame(as other: Span<UInt8>) -> Bool {
        for index in 0..<self.count where self[index] != other[index] { return false }
        return true
    }
}
