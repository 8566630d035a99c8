extension RelayAnswer {
    /// Reads one message of a relay from bytes that may be anything; nil where they are no such message.
    public init?(parsing text: Span<UInt8>) {
        guard UTF8Check.isValid(text) else { return nil }
        var reader = JSONReader(text)
        guard let answer = try? reader.readRelayAnswer() else { return nil }
        self = answer
    }
}

extension JSONReader {
    /// Nil where an element is not what it has to be.
    fileprivate mutating func readRelayAnswer() throws(JSONError) -> RelayAnswer? {
        try self.expect(UInt8(ascii: "["), else: .notArray)
        let verb = try self.readString()
        switch verb.excerpt(of: self.text) {
        case "EVENT": return try self.readEventAnswer()
        case "OK": return try self.readOKAnswer()
        case "EOSE": return .endOfStoredEvents(try self.nextSubscription())
        case "CLOSED": return .closed(try self.nextSubscription(), text: try self.optionalText())
        case "NOTICE": return .notice(try self.optionalText())
        case "AUTH": return .challenge(try self.nextText())
        case "NEG-MSG":
            let subscription = try self.nextSubscription()
            return Hex.bytes(try self.nextText()).map { .negentropy(subscription, message: $0) }
        case "NEG-ERR":
            let subscription = try self.nextSubscription()
            let text = try self.optionalText()
            return .negentropyError(subscription, text: text, maximumRecords: self.optionalCount())
        case let name: return .other(verb: name)
        }
    }

    private mutating func readEventAnswer() throws(JSONError) -> RelayAnswer {
        let subscription = try self.nextSubscription()
        try self.expect(UInt8(ascii: ","))
        _ = self.peek()
        let start = self.position
        try self.skipValue(depth: 1)
        return .event(subscription, json: [UInt8](self.text.extracting(start..<self.position)))
    }

    private mutating func readOKAnswer() throws(JSONError) -> RelayAnswer? {
        try self.expect(UInt8(ascii: ","))
        let token = try self.readString()
        guard let id = token.withBytes(in: self.text, { EventID(hex: $0) }) else { return nil }
        try self.expect(UInt8(ascii: ","))
        let first = self.peek()
        guard first == UInt8(ascii: "t") || first == UInt8(ascii: "f") else { return nil }
        try self.skipValue(depth: 1)
        return .ok(id, isAccepted: first == UInt8(ascii: "t"), text: try self.optionalText())
    }

    private mutating func nextSubscription() throws(JSONError) -> SubscriptionID {
        try self.expect(UInt8(ascii: ","))
        let token = try self.readString()
        var canonical: [UInt8] = []
        CanonicalText.append(token, of: self.text, to: &canonical)
        return SubscriptionID(canonical: canonical)
    }

    private mutating func nextText() throws(JSONError) -> String {
        try self.expect(UInt8(ascii: ","))
        let token = try self.readString()
        return token.withBytes(in: self.text) { String(decoding: [UInt8]($0), as: UTF8.self) }
    }

    /// The text that follows, or an empty one where nothing does, or no text.
    private mutating func optionalText() throws(JSONError) -> String {
        guard self.peek() == UInt8(ascii: ",") else { return "" }
        let start = self.position
        do {
            return try self.nextText()
        } catch {
            guard error.reason == .notString else { throw error }
            self.advance(to: start + 1)
            try self.skipValue(depth: 1)
            return ""
        }
    }

    private mutating func optionalCount() -> Int? {
        guard self.take(UInt8(ascii: ",")), let number = try? self.readInteger(), number >= 0 else { return nil }
        return Int(number)
    }
}
