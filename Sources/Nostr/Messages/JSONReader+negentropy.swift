extension JSONReader {
    /// Reads the rest of a NEG-OPEN message: an id, a filter, and a message in hexadecimal (NIP-77).
    mutating func readNegentropyOpen(_ bounds: MessageBounds) throws -> NegentropyRequest {
        let id = try self.readNegentropyID(bounds)
        try self.expectElement(of: id, orSay: "NEG-OPEN holds an id, a filter and a message")
        let filter: Filter
        do {
            filter = try self.readFilter(maximumValues: bounds.values)
        } catch {
            switch error {
            case .json(let error): throw error
            case .refused(let refusal): throw ClientMessageError.negentropy(id, refusal)
            }
        }
        try self.expectElement(of: id, orSay: "NEG-OPEN holds an id, a filter and a message")
        let message = try self.readNegentropyBytes(of: id)
        try self.expectEndOfMessage(orSay: "NEG-OPEN holds an id, a filter, a message and nothing more")
        return .open(id, filter, message)
    }

    /// Reads the rest of a NEG-MSG message.
    mutating func readNegentropyMessage(_ bounds: MessageBounds) throws -> NegentropyRequest {
        let id = try self.readNegentropyID(bounds)
        try self.expectElement(of: id, orSay: "NEG-MSG holds an id and a message")
        let message = try self.readNegentropyBytes(of: id)
        try self.expectEndOfMessage(orSay: "NEG-MSG holds an id, a message and nothing more")
        return .message(id, message)
    }

    /// Reads the rest of a NEG-CLOSE message.
    mutating func readNegentropyClose(_ bounds: MessageBounds) throws -> NegentropyRequest {
        let id = try self.readNegentropyID(bounds)
        try self.expectEndOfMessage(orSay: "NEG-CLOSE holds an id and nothing more")
        return .close(id)
    }

    private mutating func readNegentropyID(_ bounds: MessageBounds) throws -> SubscriptionID {
        try self.expect(UInt8(ascii: ","))
        do {
            return try self.readSubscriptionID(bounds)
        } catch ClientMessageError.subscription(let id, let refusal) {
            throw ClientMessageError.negentropy(id, refusal)
        }
    }

    private mutating func expectElement(of id: SubscriptionID, orSay text: String) throws {
        guard self.take(UInt8(ascii: ",")) else { throw ClientMessageError.negentropy(id, Refusal(.invalid, text)) }
    }

    private mutating func readNegentropyBytes(of id: SubscriptionID) throws -> [UInt8] {
        let refusal = Refusal(.invalid, "a message is written in lower-case hexadecimal digits, two a byte")
        guard self.peek() == UInt8(ascii: "\"") else { throw ClientMessageError.negentropy(id, refusal) }
        let token = try self.readString()
        guard let bytes = token.withBytes(in: self.text, { Hex.bytes($0) }) else {
            throw ClientMessageError.negentropy(id, refusal)
        }
        return bytes
    }
}
