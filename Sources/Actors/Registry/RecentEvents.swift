import Nostr

/// Ids stored lately, in a table of fixed size where a newer one takes an older one's place.
struct RecentEvents {
    private static let slots = 1 << 18
    private var prefixes: [UInt64] = []

    mutating func insert(_ id: EventID) {
        if self.prefixes.isEmpty { self.prefixes = [UInt64](repeating: 0, count: Self.slots) }
        self.prefixes[Self.slot(id)] = id.bytes.prefix
    }

    func contains(_ id: EventID) -> Bool {
        !self.prefixes.isEmpty && self.prefixes[Self.slot(id)] == id.bytes.prefix
    }

    private static func slot(_ id: EventID) -> Int { Int(truncatingIfNeeded: id.bytes.prefix) & (Self.slots - 1) }
}
