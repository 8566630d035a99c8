public import Nostr

/// Whom clients ask to be let in, and to be let go (NIP-43).
public protocol MembershipDesk: Sendable {
    /// What becomes of a request to join or to leave, whose signature is good.
    func answer(_ request: Event) async -> MembershipReply
    /// An invitation for somebody who holds these keys to hand on, as an event of the relay's own; nil where none of
    /// them may invite.
    ///
    /// - Throws: why there is none at the moment.
    func invitation(for keys: Set<PublicKey>) async throws(Refusal) -> Event?
}

/// The answer to a request to join or to leave.
public enum MembershipReply: Sendable, Hashable {
    /// With the text of an OK that is true, prefix and all.
    case accepted(String)
    case refused(Refusal)
}
