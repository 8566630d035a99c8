/// What the relay sends, but for EVENT, which is spliced from its parts (NIP-01, NIP-42, NIP-45, NIP-77).
public enum RelayMessage: Sendable {
    case ok(EventID, accepted: Bool, text: String)
    /// An OK false about an event that never had a valid id.
    case refused(claimedID: [UInt8], Refusal)
    case endOfStoredEvents(SubscriptionID, CompletenessHint? = nil)
    case closed(SubscriptionID, Refusal)
    case count(SubscriptionID, EventCount)
    case notice(String)
    /// What a proof of a key has to be signed over.
    case challenge(String)
    case negentropyMessage(SubscriptionID, [UInt8])
    /// - Parameter cap: the records that a query may have; nil where it is not about that.
    case negentropyError(SubscriptionID, Refusal, cap: Int? = nil)

    /// The message as JSON.
    public var json: [UInt8] {
        var json: [UInt8] = []
        switch self {
        case .ok(let id, let accepted, let text):
            json.reserveCapacity(96 + text.utf8.count)
            json.append(contentsOf: #"["OK",""#.utf8)
            Hex.append(id.bytes, to: &json)
            json.append(contentsOf: accepted ? #"",true,""#.utf8 : #"",false,""#.utf8)
            CanonicalText.append(text, to: &json)
        case .refused(let claimedID, let refusal):
            json.append(contentsOf: #"["OK",""#.utf8)
            json.append(contentsOf: claimedID)
            json.append(contentsOf: #"",false,""#.utf8)
            CanonicalText.append(refusal.description, to: &json)
        case .endOfStoredEvents(let id, let hint):
            json.append(contentsOf: #"["EOSE",""#.utf8)
            json.append(contentsOf: id.canonical)
            guard let hint else { break }
            json.append(contentsOf: #"",["\#(hint.rawValue)"]]"#.utf8)
            return json
        case .closed(let id, let refusal):
            json.append(contentsOf: #"["CLOSED",""#.utf8)
            json.append(contentsOf: id.canonical)
            json.append(contentsOf: #"",""#.utf8)
            CanonicalText.append(refusal.description, to: &json)
        case .count(let id, let count):
            json.append(contentsOf: #"["COUNT",""#.utf8)
            json.append(contentsOf: id.canonical)
            json.append(contentsOf: #"",\#(count.json)]"#.utf8)
            return json
        case .notice(let text):
            json.append(contentsOf: #"["NOTICE",""#.utf8)
            CanonicalText.append(text, to: &json)
        case .challenge(let text):
            json.append(contentsOf: #"["AUTH",""#.utf8)
            CanonicalText.append(text, to: &json)
        case .negentropyMessage(let id, let message):
            json.reserveCapacity(2 * message.count + id.canonical.count + 16)
            json.append(contentsOf: #"["NEG-MSG",""#.utf8)
            json.append(contentsOf: id.canonical)
            json.append(contentsOf: #"",""#.utf8)
            Hex.append(message, to: &json)
        case .negentropyError(let id, let refusal, let cap):
            json.append(contentsOf: #"["NEG-ERR",""#.utf8)
            json.append(contentsOf: id.canonical)
            json.append(contentsOf: #"",""#.utf8)
            CanonicalText.append(refusal.description, to: &json)
            if let cap {
                json.append(contentsOf: #"",\#(cap)]"#.utf8)
                return json
            }
        }
        json.append(contentsOf: #""]"#.utf8)
        return json
    }

    /// What stands before the event's JSON in an EVENT message for this subscription; a `]` follows it.
    public static func eventPrefix(_ id: SubscriptionID) -> [UInt8] {
        Array(#"["EVENT",""#.utf8) + id.canonical + Array(#"","#.utf8)
    }
}
