extension JSONReader {
    /// Reads a string, checking its escapes.
    mutating func readString() throws(JSONError) -> StringToken {
        try self.expect(UInt8(ascii: "\""), else: .notString)
        let start = self.position
        var hasEscapes = false
        while true {
            self.advance(to: self.text.endOfPlainBytes(from: self.position))
            guard self.position < self.text.count else { throw self.error(.unexpectedEnd) }
            switch self.text[self.position] {
            case UInt8(ascii: "\""):
                let end = self.position
                self.advance(to: end + 1)
                return StringToken(range: start..<end, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try self.skipEscape()
            default: throw self.error(.controlCharacter)
            }
        }
    }

    /// Consumes an escape sequence; both halves of a surrogate pair count as one.
    private mutating func skipEscape() throws(JSONError) {
        guard self.position + 1 < self.text.count else { throw self.error(.unexpectedEnd) }
        switch self.text[self.position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.advance(to: self.position + 2)
        case UInt8(ascii: "u"):
            let unit = try self.codeUnit(at: self.position)
            guard unit & 0xFC00 != 0xDC00 else { throw self.error(.loneSurrogate) }
            self.advance(to: self.position + 6)
            guard unit & 0xFC00 == 0xD800 else { return }
            guard self.position + 1 < self.text.count, self.text[self.position] == UInt8(ascii: "\\"),
                self.text[self.position + 1] == UInt8(ascii: "u")
            else { throw self.error(.loneSurrogate) }
            guard try self.codeUnit(at: self.position) & 0xFC00 == 0xDC00 else { throw self.error(.loneSurrogate) }
            self.advance(to: self.position + 6)
        default: throw self.error(.badEscape)
        }
    }

    /// The UTF-16 code unit of the `\u` escape at `offset`; digits in either case.
    private func codeUnit(at offset: Int) throws(JSONError) -> UInt16 {
        guard offset + 6 <= self.text.count else { throw self.error(.unexpectedEnd) }
        guard let unit = UnicodeEscape.codeUnit(self.text, at: offset + 2) else { throw self.error(.badEscape) }
        return unit
    }
}
