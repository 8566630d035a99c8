import Nostr

/// Ids stored lately, by their first eight bytes.
struct RecentEvents {
    private var table = RecentTable<UInt64>(count: 1 << 18, empty: 0)

    mutating func insert(_ id: EventID) { self.table.insert(id.bytes.prefix, hash: id.bytes.prefix) }

    func contains(_ id: EventID) -> Bool { self.table.contains(id.bytes.prefix, hash: id.bytes.prefix) }
}
