/// A client message that cannot be acted upon, by the answer that it gets (NIP-01).
public enum ClientMessageError: Error, Equatable {
    /// NOTICE: there is no event and no subscription to answer about.
    case notice(String)
    /// OK false, with the canonical text of the id that the client gave.
    case event(claimedID: [UInt8], Refusal)
    /// CLOSED.
    case subscription(SubscriptionID, Refusal)
    /// NEG-ERR (NIP-77).
    case negentropy(SubscriptionID, Refusal)
    /// CLOSED, about a COUNT, which is no concern of the subscription of this id.
    case count(SubscriptionID, Refusal)
}
