extension ClientMessage {
    /// The message as JSON, as a client sends it.
    public var json: [UInt8] {
        switch self {
        case .event(let event): Self.message("EVENT") { $0 += event.json }
        case .authenticate(let event): Self.message("AUTH") { $0 += event.json }
        case .request(let id, let filters): Self.message("REQ", id, filters)
        case .count(let id, let filters): Self.message("COUNT", id, filters)
        case .close(let id): Self.message("CLOSE", id, [])
        case .negentropy(.open(let id, let filter, let message)): Self.openNegentropy(id, filter, message: message)
        case .negentropy(.message(let id, let message)): Self.negentropy(id, message: message)
        case .negentropy(.close(let id)): Self.closeNegentropy(id)
        }
    }

    /// NEG-OPEN with the first message of a comparison (NIP-77).
    public static func openNegentropy(_ id: SubscriptionID, _ filter: Filter, message: [UInt8]) -> [UInt8] {
        Self.message("NEG-OPEN") { json in
            Self.append(id, to: &json)
            json.append(UInt8(ascii: ","))
            json += filter.json
            Self.append(hex: message, to: &json)
        }
    }

    /// NEG-MSG (NIP-77).
    public static func negentropy(_ id: SubscriptionID, message: [UInt8]) -> [UInt8] {
        Self.message("NEG-MSG") { json in
            Self.append(id, to: &json)
            Self.append(hex: message, to: &json)
        }
    }

    /// NEG-CLOSE (NIP-77).
    public static func closeNegentropy(_ id: SubscriptionID) -> [UInt8] { Self.message("NEG-CLOSE", id, []) }

    private static func message(_ verb: String, _ id: SubscriptionID, _ filters: [Filter]) -> [UInt8] {
        Self.message(verb) { json in
            Self.append(id, to: &json)
            for filter in filters {
                json.append(UInt8(ascii: ","))
                json += filter.json
            }
        }
    }

    private static func message(_ verb: String, _ rest: (inout [UInt8]) -> Void) -> [UInt8] {
        var json = Array("[\"\(verb)\",".utf8)
        rest(&json)
        json.append(UInt8(ascii: "]"))
        return json
    }

    private static func append(_ id: SubscriptionID, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        json += id.canonical
        json.append(UInt8(ascii: "\""))
    }

    private static func append(hex bytes: [UInt8], to json: inout [UInt8]) {
        json += Array(",\"".utf8)
        Hex.append(bytes, to: &json)
        json.append(UInt8(ascii: "\""))
    }
}
