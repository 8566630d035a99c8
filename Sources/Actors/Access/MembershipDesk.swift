public import Nostr

/// Whom clients ask to be let in, and to be let go (NIP-43).
public protocol MembershipDesk: Sendable {
    /// What becomes of a request to join or to leave, whose signature is good.
    func answer(_ request: Event) async -> MembershipReply
    /// An invitation for somebody who holds these keys to hand on, as an event of the relay's own; nil where none of them
    /// may invite.
    func invitation(for keys: Set<PublicKey>) async -> Event?
}

/// The answer to a request to join or to leave.
public struct MembershipReply: Sendable, Equatable {
    public let isAccepted: Bool
    /// With its prefix.
    public let text: String

    public init(isAccepted: Bool, text: String) {
        self.isAccepted = isAccepted
        self.text = text
    }
}
