import Nostr

/// Why something was not done to a member.
enum MemberFailure: Error, CustomStringConvertible {
    case unknown(PublicKey)
    case endless(PublicKey)
    case changed
    /// Nobody could use an invitation.
    case closed
    case noInvitation

    var description: String {
        switch self {
        case .unknown(let key): "\(key.npub) is no member"
        case .endless(let key): "the membership of \(key.npub) does not end"
        case .closed: "nobody could join with a code: access.membership_events is off"
        case .noInvitation: "there is no such invitation; nothing was done"
        case .changed: "somebody else changed the members at this moment; nothing was done, try again"
        }
    }
}
