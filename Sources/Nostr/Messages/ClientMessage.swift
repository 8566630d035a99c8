/// What a client sends (NIP-01, NIP-42, NIP-45, NIP-77).
public enum ClientMessage: Sendable {
    case event(Event)
    case request(SubscriptionID, [Filter])
    case close(SubscriptionID)
    case count(SubscriptionID, [Filter])
    case authenticate(Event)
    case negentropy(NegentropyRequest)
}
