/// What a client asks for in a reconciliation (NIP-77). Its ids are apart from those of subscriptions.
public enum NegentropyRequest: Sendable {
    /// NEG-OPEN, with the initiator's first message.
    case open(SubscriptionID, Filter, [UInt8])
    /// NEG-MSG.
    case message(SubscriptionID, [UInt8])
    /// NEG-CLOSE.
    case close(SubscriptionID)

    public var id: SubscriptionID {
        switch self {
        case .open(let id, _, _), .message(let id, _), .close(let id): id
        }
    }
}
