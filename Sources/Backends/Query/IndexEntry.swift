import Nostr

/// What an index says of an event: all that the order of an answer needs.
struct IndexEntry: Sendable, Hashable {
    /// Seconds since 1970.
    let createdAt: Int64
    /// Of two events of one second the one with the higher tie comes first in an answer: see `EventID.tie`.
    let tie: Int64
    /// The row: see `CommitPosition`.
    let position: Int64

    /// Beyond every event, in the direction of the newest.
    static let newest = IndexEntry(createdAt: .max, tie: .max, position: .max)
    static let oldest = IndexEntry(createdAt: .min, tie: .min, position: .min)

    func isNewer(than other: IndexEntry) -> Bool {
        if self.createdAt != other.createdAt { return self.createdAt > other.createdAt }
        if self.tie != other.tie { return self.tie > other.tie }
        return self.position > other.position
    }

    /// Whether the order between the two depends on the rest of their ids.
    func ties(with other: IndexEntry) -> Bool { self.createdAt == other.createdAt && self.tie == other.tie }
}

extension EventID {
    /// The first 32 bits, inverted and signed: descending ties are ascending ids, and a tie takes four bytes of an
    /// index.
    var tie: Int64 { Int64(Int32(bitPattern: ~UInt32(truncatingIfNeeded: self.bytes.prefix >> 32) ^ 0x8000_0000)) }

    /// The first eight bytes, as the id index keeps them.
    var indexPrefix: Int64 { Int64(bitPattern: self.bytes.prefix) }
}
