public import Nostr

/// What the operator allows at this moment: an immutable snapshot that all connections share, and that a reload
/// replaces as a whole.
public final class Policy: Sendable {
    public let limits: Limits
    /// Kinds that only their parties may read (NIP-04, NIP-17, NIP-59).
    public let privateKinds: Set<Kind>
    public let rates: Rates
    public let access: AccessRules
    public let members: Members
    public let moderation: Moderation

    public init(
        limits: Limits = Limits(),
        privateKinds: Set<Kind> = [4, 1059, 21059],
        rates: Rates = Rates(),
        access: AccessRules = AccessRules(),
        members: Members = Members(),
        moderation: Moderation = Moderation()
    ) {
        self.limits = limits
        self.privateKinds = privateKinds
        self.rates = rates
        self.access = access
        self.members = members
        self.moderation = moderation
    }

    /// Why an event is not taken, whoever hands it in, or nil where it is; all but the signature.
    ///
    /// - Parameter now: seconds since 1970.
    public func refusal(of event: Event, now: Int64) -> Refusal? {
        if event.kind == .authentication {
            return Refusal(.invalid, "kind 22242 is sent in an AUTH message and never stored")
        }
        if event.embedsProtected {
            return Refusal(.blocked, "a repost may not hold a protected event (NIP-70)")
        }
        if let refusal = self.sizeRefusal(of: event) ?? self.timeRefusal(of: event, now: now) { return refusal }
        // Whoever asks to vanish is heard, whatever else they may publish here (NIP-62).
        if event.kind == .vanish { return event.vanishRefusal(at: self.access.relay) }
        return self.moderation.refusal(of: event) ?? self.kindRefusal(of: event) ?? self.workRefusal(of: event)
    }

    private func sizeRefusal(of event: Event) -> Refusal? {
        let limits = self.limits.events
        if event.json.count > limits.bytes {
            return Refusal(.invalid, "the event has \(event.json.count) bytes, \(limits.bytes) are allowed")
        }
        if event.tagCount > limits.tags {
            return Refusal(.invalid, "the event has \(event.tagCount) tags, \(limits.tags) are allowed")
        }
        if event.longestTagElementBytes > limits.tagElementBytes {
            return Refusal(.invalid, "a tag has a value of more than \(limits.tagElementBytes) bytes")
        }
        // Bytes bound characters, so most contents need not be counted.
        if event.contentBytes > limits.contentCharacters, event.contentCharacters > limits.contentCharacters {
            return Refusal(.invalid, "the content has more than \(limits.contentCharacters) characters")
        }
        return nil
    }

    private func kindRefusal(of event: Event) -> Refusal? {
        let kind = event.kind.rawValue
        let isAllowed = self.limits.events.allowedKinds.contains { $0.contains(kind) }
        guard isAllowed, !self.limits.events.deniedKinds.contains(where: { $0.contains(kind) }) else {
            return Refusal(.blocked, "this relay does not take kind \(kind)")
        }
        return nil
    }

    private func timeRefusal(of event: Event, now: Int64) -> Refusal? {
        let limits = self.limits.events
        if event.createdAt > now, event.createdAt - now > limits.futureSeconds {
            return Refusal(.invalid, "created_at is more than \(limits.futureSeconds) seconds in the future")
        }
        let grace = event.kind == .giftWrap ? Self.giftWrapGrace : 0
        if let age = limits.ageSeconds, event.kind != .vanish, event.createdAt < now - age - grace {
            return Refusal(.invalid, "created_at is more than \(age) seconds in the past")
        }
        if let expiresAt = event.expiresAt, expiresAt <= now, event.kind.retention != .ephemeral {
            return Refusal(.invalid, "the event has expired")
        }
        return nil
    }

    /// Seconds that gift wraps are back-dated, so that their time tells nobody when they were sent (NIP-59).
    private static let giftWrapGrace: Int64 = 2 * 86_400

    private func workRefusal(of event: Event) -> Refusal? {
        let needed = self.limits.events.proofOfWorkBits
        guard needed > 0 else { return nil }
        let found = event.difficulty
        return found < needed ? Refusal(.pow, "\(needed) bits needed, got \(found)") : nil
    }
}
