extension JSONReader {
    /// Reads a string, checking its escapes.
    mutating func readString() throws(JSONError) -> StringToken {
        try self.expect(UInt8(ascii: "\""), else: .notString)
        let start = self.position
        var hasEscapes = false
        while true {
            self.advance(to: self.endOfPlainBytes(from: self.position))
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

    /// The first offset at or after `start` that holds a quote, a backslash or a control character, eight bytes a step.
    private func endOfPlainBytes(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let raw = self.text.bytes
        var position = start
        while position + 8 <= raw.byteCount {
            let word = raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            var found = (word &- ones &* 0x20) & ~word
            found |= (quotes &- ones) & ~quotes
            found |= (backslashes &- ones) & ~backslashes
            found &= tops
            guard found == 0 else { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < self.text.count {
            let byte = self.text[position]
            guard byte >= 0x20, byte != 0x22, byte != 0x5C else { return position }
            position += 1
        }
        return position
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
