public import Nostr

/// Who may read and who may write (NIP-42, NIP-70).
public struct AccessRules: Sendable, Equatable {
    public enum Circle: String, Sendable, CaseIterable {
        case everyone
        /// Whoever has proven to hold any key.
        case authenticated
        case members
    }

    public var read = Circle.everyone
    public var write = Circle.everyone
    /// Whether a member who writes has to prove that it is one; else the author of an event decides.
    public var requiresAuthentication = true
    /// Kinds that anyone may write.
    public var openKinds: [ClosedRange<UInt16>] = []
    /// The relay's own URL, which proofs are for; nil where nobody can give one.
    public var relay: RelayURL?
    /// Whether anyone may ask to join and to leave, and members are given invitations (NIP-43).
    public var hasMembershipDesk = false
    /// The relay's own key, where it has one and it is known.
    public var relayKey: PublicKey?

    public init() {}

    /// Kinds whose authors are keys made for one event: who hands them in decides (NIP-59).
    private static let wraps: Set<Kind> = [1059, 21059]

    /// Whether somebody who holds these keys may read at all.
    ///
    /// - Parameter now: seconds since 1970.
    public func admits(_ keys: Set<PublicKey>, _ members: Members, now: Int64) -> Bool {
        switch self.read {
        case .everyone: true
        case .authenticated: !keys.isEmpty
        case .members: keys.contains { members.account(of: $0, at: now) != nil }
        }
    }

    /// Why a reader is not answered, or nil where it is.
    public func refusal(ofReading filters: [Filter], by reader: Readership) -> Refusal? {
        if !reader.isAdmitted {
            guard !reader.keys.isEmpty else { return Refusal(.authRequired, Self.readers(self.read)) }
            return Refusal(.restricted, "only members may read here")
        }
        if reader.keys.isEmpty, reader.asksForPrivateOnly(filters) {
            return Refusal(.authRequired, "these kinds are shown to their parties only")
        }
        return nil
    }

    private static func readers(_ circle: Circle) -> String {
        circle == .members ? "only members may read here" : "only who authenticates may read here"
    }

    /// Why an event is not taken from somebody who holds these keys, or nil where it is.
    ///
    /// - Parameter now: seconds since 1970.
    public func refusal(of event: Event, by keys: Set<PublicKey>, _ members: Members, now: Int64) -> Refusal? {
        if event.isProtected, !keys.contains(event.pubkey) {
            let text = "the event is protected: only its author may publish it (NIP-70)"
            guard self.relay != nil else { return Refusal(.blocked, text) }
            return Refusal(keys.isEmpty ? .authRequired : .restricted, text)
        }
        // Who asks to vanish is heard, whatever else they may do here (NIP-62).
        guard event.kind != .vanish else { return nil }
        if self.hasMembershipDesk {
            switch event.kind {
            // Its signature says who asks.
            case .joinRequest, .leaveRequest: return nil
            case .invitation: return Refusal(.blocked, "the relay itself makes its invitations (NIP-43)")
            default: break
            }
        }
        guard self.write != .everyone, !self.openKinds.contains(where: { $0.contains(event.kind.rawValue) }) else {
            return nil
        }
        if self.write == .members, !self.requiresAuthentication {
            guard members.account(of: event.pubkey, at: now) == nil else { return nil }
            return Refusal(.restricted, "only members may publish here")
        }
        guard !keys.isEmpty else {
            let who = self.write == .members ? "members" : "who authenticates"
            return Refusal(.authRequired, "only \(who) may publish here")
        }
        return self.write == .members ? self.refusal(of: event, byMember: keys, members, now: now) : nil
    }

    private func refusal(
        of event: Event,
        byMember keys: Set<PublicKey>,
        _ members: Members,
        now: Int64
    ) -> Refusal? {
        let accounts = keys.compactMap { members.account(of: $0, at: now) }
        guard !accounts.isEmpty else { return Refusal(.restricted, "only members may publish here") }
        if Self.wraps.contains(event.kind) || keys.contains(event.pubkey) { return nil }
        if let account = members.account(of: event.pubkey, at: now), accounts.contains(account) { return nil }
        return Refusal(.restricted, "members publish events of their own keys only")
    }
}
