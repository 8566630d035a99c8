public import Nostr

/// What admins have banned: nothing by these authors, and none of these events, is taken or kept (NIP-86).
public struct Moderation: Sendable, Equatable {
    public private(set) var bannedKeys: Set<PublicKey> = []
    public private(set) var bannedEvents: Set<EventID> = []

    public init() {}

    public mutating func setBan(of key: PublicKey, _ isBanned: Bool) {
        if isBanned { self.bannedKeys.insert(key) } else { self.bannedKeys.remove(key) }
    }

    public mutating func setBan(of id: EventID, _ isBanned: Bool) {
        if isBanned { self.bannedEvents.insert(id) } else { self.bannedEvents.remove(id) }
    }

    public var isEmpty: Bool { self.bannedKeys.isEmpty && self.bannedEvents.isEmpty }

    /// Why an event is not taken, or nil where it is.
    public func refusal(of event: Event) -> Refusal? {
        if self.bannedKeys.contains(event.pubkey) { return Refusal(.blocked, "the author is banned from this relay") }
        if self.bannedEvents.contains(event.id) { return Refusal(.blocked, "the event is banned from this relay") }
        return nil
    }
}
