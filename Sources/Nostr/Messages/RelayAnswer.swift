/// What a relay says, as its client reads it (NIP-01, NIP-42, NIP-77); texts are the relay's own, and anything may
/// stand in them.
public enum RelayAnswer: Sendable, Equatable {
    /// The event's JSON as it came, unread and unchecked.
    case event(SubscriptionID, json: [UInt8])
    case ok(EventID, isAccepted: Bool, text: String)
    case endOfStoredEvents(SubscriptionID)
    case closed(SubscriptionID, text: String)
    case notice(String)
    /// AUTH: what an authentication event has to repeat.
    case challenge(String)
    /// NEG-MSG with its decoded message.
    case negentropy(SubscriptionID, message: [UInt8])
    /// NEG-ERR, and how many records the relay would compare, where it says so.
    case negentropyError(SubscriptionID, text: String, maximumRecords: Int?)
    /// COUNT, and whatever else there may be.
    case other(verb: String)
}
