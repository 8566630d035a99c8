public import Nostr

/// Keys that have vanished, each up to a second: their events up to then, and gift wraps for them, are shown to nobody
/// (NIP-62).
///
/// A store keeps such a list of the keys whose events it has not removed yet, so it is nearly always empty.
public struct Vanishing: Hashable, Sendable {
    /// Seconds since 1970.
    public private(set) var keys: [PublicKey: Int64] = [:]

    public init() {}

    public init(_ key: PublicKey, until: Int64) { self.keys = [key: until] }

    public var isEmpty: Bool { self.keys.isEmpty }

    /// Adds a key; the later second counts.
    public mutating func add(_ key: PublicKey, until: Int64) {
        self.keys[key] = max(until, self.keys[key] ?? .min)
    }

    public mutating func formUnion(_ others: Vanishing) {
        for (key, until) in others.keys { self.add(key, until: until) }
    }

    /// Whether an event has vanished. Requests to vanish stay.
    public func hides(_ event: Event) -> Bool {
        guard !self.isEmpty, event.kind != .vanish else { return false }
        if self.hides(event.pubkey, event.createdAt) { return true }
        return event.recipients.contains { self.hides($0, event.createdAt) }
    }

    /// Whether an event has vanished, in canonical JSON.
    public func hides(canonical json: Span<UInt8>) -> Bool {
        guard !self.isEmpty else { return false }
        return Event(canonical: json.withUnsafeBufferPointer { Array($0) }).map(self.hides) ?? false
    }

    /// The same where the kind is known, which mostly saves reading all of it.
    func hides(canonical json: Span<UInt8>, _ kind: Kind) -> Bool {
        guard !self.isEmpty, kind != .vanish else { return false }
        guard kind == .giftWrap || Event.author(ofCanonical: json).map({ self.keys[$0] != nil }) ?? false else {
            return false
        }
        return self.hides(canonical: json)
    }

    private func hides(_ key: PublicKey, _ createdAt: Int64) -> Bool {
        self.keys[key].map { createdAt <= $0 } ?? false
    }
}
