import Nostr

/// An event that an index brought up, parsed only if something has to be checked on it.
struct Candidate {
    let position: Int64
    let row: StoredRow
    private lazy var event: Event? = Event(canonical: self.row.json)

    init(position: Int64, row: StoredRow) {
        self.position = position
        self.row = row
    }

    mutating func isReadable(by readership: Readership) -> Bool {
        guard readership.isRestricted(self.row.kind) else { return true }
        return self.event.map(readership.mayRead) ?? false
    }

    /// Whether the filter really matches what came up through `stream`.
    mutating func satisfies(_ cursor: FilterCursor, through stream: IndexStream) -> Bool {
        switch cursor.plan.residue {
        case .nothing: return true
        case .tagValue:
            guard case .tag(_, let letter, let value) = stream.prefix else { return false }
            return self.row.json.span.holdsTag(letter: letter, value: value.span)
        case .everything: return self.event.map({ cursor.matcher.matches($0) }) ?? false
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
        for start in 0...(self.count - length) where self[start] == UInt8(ascii: "[") {
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
