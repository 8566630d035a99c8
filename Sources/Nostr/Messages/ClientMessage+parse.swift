extension ClientMessage {
    /// Reads one message from UTF-8 text (the frame decoder has checked that it is). Events are complete but for their
    /// signature, which is checked elsewhere.
    public init(parsing text: Span<UInt8>, bounds: MessageBounds) throws(ClientMessageError) {
        var reader = JSONReader(text)
        do {
            try reader.expect(UInt8(ascii: "["), else: .notArray)
            let token = try reader.readString()
            switch Verb(token, in: text) {
            case .event: self = .event(try reader.readEventMessage())
            case .request:
                let (id, filters) = try reader.readRequest(bounds)
                self = .request(id, filters)
            case .close: self = .close(try reader.readCloseMessage(bounds))
            case .count:
                let (id, filters) = try reader.readCount(bounds)
                self = .count(id, filters)
            case .authenticate: self = .authenticate(try reader.readEventMessage())
            case .negentropyOpen: self = .negentropy(try reader.readNegentropyOpen(bounds))
            case .negentropyMessage: self = .negentropy(try reader.readNegentropyMessage(bounds))
            case .negentropyClose: self = .negentropy(try reader.readNegentropyClose(bounds))
            case nil:
                let name = token.excerpt(of: text)
                throw ClientMessageError.notice("unsupported: this relay has no message \"\(name)\"")
            }
        } catch let error as JSONError {
            switch error.reason {
            case .notArray, .notString:
                throw .notice("invalid: a message is an array that begins with its name")
            default: throw .notice("invalid: the message is not JSON: \(error)")
            }
        } catch let error as ClientMessageError {
            throw error
        } catch {
            throw .notice("invalid: malformed message")
        }
    }
}

extension JSONReader {
    /// Reads the rest of an EVENT or AUTH message.
    fileprivate mutating func readEventMessage() throws -> Event {
        let draft: EventDraft
        do {
            try self.expect(UInt8(ascii: ","))
            draft = try self.readEvent()
        } catch {
            guard error.reason == .notObject else { throw error }
            throw ClientMessageError.notice("invalid: an EVENT or AUTH message holds one event object")
        }
        try self.expectEndOfMessage(orSay: "an EVENT or AUTH message holds one event object and nothing more")
        do {
            return try Event(draft, of: self.text)
        } catch {
            guard let claimedID = error.claimedID else { throw ClientMessageError.notice("invalid: \(error.text)") }
            throw ClientMessageError.event(claimedID: claimedID, Refusal(.invalid, error.text))
        }
    }

    fileprivate mutating func readCloseMessage(_ bounds: MessageBounds) throws -> SubscriptionID {
        try self.expect(UInt8(ascii: ","))
        let id = try self.readSubscriptionID(bounds)
        try self.expectEndOfMessage(orSay: "a CLOSE message holds one subscription id and nothing more")
        return id
    }

    /// Consumes the end of the message; where another element follows, `text` is the answer.
    mutating func expectEndOfMessage(orSay text: String) throws {
        guard self.peek() != UInt8(ascii: ",") else { throw ClientMessageError.notice("invalid: \(text)") }
        try self.expect(UInt8(ascii: "]"))
        try self.expectEnd()
    }

    /// Reads the rest of a REQ or COUNT message; what is refused of either is told as of a REQ.
    fileprivate mutating func readRequest(_ bounds: MessageBounds) throws -> (SubscriptionID, [Filter]) {
        try self.expect(UInt8(ascii: ","))
        let id = try self.readSubscriptionID(bounds)
        var filters: [Filter] = []
        var budget = bounds.values
        while try self.continues(closing: UInt8(ascii: "]")) {
            guard filters.count < bounds.filters else {
                let text = "a request holds \(bounds.filters) filters at most"
                throw ClientMessageError.subscription(id, Refusal(.invalid, text))
            }
            do {
                let filter = try self.readFilter(maximumValues: budget, search: bounds.search)
                budget -= filter.valueCount
                filters.append(filter)
            } catch {
                switch error {
                case .json(let error): throw error
                case .refused(let refusal): throw ClientMessageError.subscription(id, refusal)
                }
            }
        }
        guard !filters.isEmpty else {
            throw ClientMessageError.subscription(id, Refusal(.invalid, "a request holds at least one filter"))
        }
        try self.expectEnd()
        return (id, filters)
    }

    /// Reads the rest of a COUNT message.
    fileprivate mutating func readCount(_ bounds: MessageBounds) throws -> (SubscriptionID, [Filter]) {
        do {
            return try self.readRequest(bounds)
        } catch ClientMessageError.subscription(let id, let refusal) {
            throw ClientMessageError.count(id, refusal)
        }
    }

    mutating func readSubscriptionID(_ bounds: MessageBounds) throws -> SubscriptionID {
        guard self.peek() == UInt8(ascii: "\"") else {
            throw ClientMessageError.notice("invalid: a subscription id is a string")
        }
        let token = try self.readString()
        // A character is twelve bytes at most (two escapes), so more cannot be within bounds; it is not echoed either.
        guard token.range.count <= bounds.subscriptionIDCharacters * 12 else {
            throw ClientMessageError.notice(Self.idLengthText(bounds))
        }
        var canonical: [UInt8] = []
        CanonicalText.append(token, of: self.text, to: &canonical)
        let id = SubscriptionID(canonical: canonical)
        guard (1...bounds.subscriptionIDCharacters).contains(id.characters) else {
            throw ClientMessageError.subscription(id, Refusal(.invalid, Self.idLengthText(bounds, prefix: "")))
        }
        return id
    }

    private static func idLengthText(_ bounds: MessageBounds, prefix: String = "invalid: ") -> String {
        "\(prefix)a subscription id has 1 to \(bounds.subscriptionIDCharacters) characters"
    }
}
