extension JSONReader {
    /// Reads an event object. Broken JSON throws; a wrong field is noted in the draft and reading goes on.
    mutating func readEvent() throws(JSONError) -> EventDraft {
        var draft = EventDraft()
        try self.expect(UInt8(ascii: "{"), else: .notObject)
        var goesOn = try self.begins(closing: UInt8(ascii: "}"))
        while goesOn {
            let key = try self.readString()
            try self.expect(UInt8(ascii: ":"))
            try self.readField(key, into: &draft)
            goesOn = try self.continues(closing: UInt8(ascii: "}"))
        }
        return draft
    }

    private mutating func readField(_ key: StringToken, into draft: inout EventDraft) throws(JSONError) {
        switch EventKey(key, in: self.text) {
        case .id:
            guard let token = try self.stringOrSkip() else { return draft.note("id is not a string") }
            draft.claimedID = token
            draft.id = token.withBytes(in: self.text) { EventID(hex: $0) }
            if draft.id == nil { draft.note("id is not 64 lower-case hexadecimal digits") }
        case .pubkey:
            guard let token = try self.stringOrSkip() else { return draft.note("pubkey is not a string") }
            draft.pubkey = token.withBytes(in: self.text) { PublicKey(hex: $0) }
            if draft.pubkey == nil { draft.note("pubkey is not 64 lower-case hexadecimal digits") }
        case .signature:
            guard let token = try self.stringOrSkip() else { return draft.note("sig is not a string") }
            draft.signature = token.withBytes(in: self.text) { Signature(hex: $0) }
            if draft.signature == nil { draft.note("sig is not 128 lower-case hexadecimal digits") }
        case .createdAt:
            draft.createdAt = try self.integerOrSkip(0...Int64.max)
            if draft.createdAt == nil { draft.note("created_at is not a whole number of seconds") }
        case .kind:
            draft.kind = try self.integerOrSkip(0...65_535).map { Kind(UInt16($0)) }
            if draft.kind == nil { draft.note("kind is not a whole number from 0 to 65535") }
        case .tags:
            draft.tags = try self.readTags()
            if draft.tags == nil { draft.note("tags are not an array of non-empty arrays of strings") }
        case .content:
            draft.content = try self.stringOrSkip()
            if draft.content == nil { draft.note("content is not a string") }
        case nil: try self.skipValue(depth: 2)
        }
    }

    /// Reads a string, or skips a value of another kind and returns nil.
    private mutating func stringOrSkip() throws(JSONError) -> StringToken? {
        guard self.peek() == UInt8(ascii: "\"") else {
            try self.skipValue(depth: 2)
            return nil
        }
        return try self.readString()
    }

    /// Reads a whole number in `range`, or skips what else is there and returns nil.
    private mutating func integerOrSkip(_ range: ClosedRange<Int64>) throws(JSONError) -> Int64? {
        _ = self.peek()
        let start = self.position
        do {
            let number = try self.readInteger()
            // What is beyond 64 bits reads as the bound, and is no time.
            let text = self.text.extracting(start..<self.position)
            guard number != .max || text.equals("9223372036854775807") else { return nil }
            return range.contains(number) ? number : nil
        } catch {
            guard error.reason == .notInteger else { throw error }
            self.advance(to: start)
            try self.skipValue(depth: 2)
            return nil
        }
    }

    /// Reads an array of non-empty arrays of strings, or skips what else is there and returns nil.
    private mutating func readTags() throws(JSONError) -> TagsToken? {
        _ = self.peek()
        let start = self.position
        do {
            return try self.readWellFormedTags()
        } catch {
            guard error.reason == .notString || error.reason == .notArray else { throw error }
            self.advance(to: start)
            try self.skipValue(depth: 2)
            return nil
        }
    }

    private mutating func readWellFormedTags() throws(JSONError) -> TagsToken {
        try self.expect(UInt8(ascii: "["), else: .notArray)
        let start = self.position - 1
        // Brackets, quotes and commas that a compact text has; more bytes than that are white space.
        var compactBytes = 2
        var hasEscapes = false
        var goesOn = try self.begins(closing: UInt8(ascii: "]"))
        while goesOn {
            try self.expect(UInt8(ascii: "["), else: .notArray)
            compactBytes += 2
            var hasElement = true
            while hasElement {
                let token = try self.readString()
                hasEscapes = hasEscapes || token.hasEscapes
                hasElement = try self.continues(closing: UInt8(ascii: "]"))
                compactBytes += token.range.count + (hasElement ? 3 : 2)
            }
            goesOn = try self.continues(closing: UInt8(ascii: "]"))
            if goesOn { compactBytes += 1 }
        }
        let range = start..<self.position
        return TagsToken(range: range, isCompact: range.count == compactBytes, hasEscapes: hasEscapes)
    }
}
