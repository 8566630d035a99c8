/// What EOSE says of the stored events before it, where the relay knows (NIP-67).
public enum CompletenessHint: String, Sendable {
    /// Every stored event that matches was sent.
    case finish
    /// More are stored than were sent.
    case more
}
