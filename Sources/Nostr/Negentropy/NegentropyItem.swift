/// A record of a set that is reconciled (NIP-77): records are ordered by time, and by id within a second.
public struct NegentropyItem: Hashable, Comparable, Sendable {
    /// Seconds since 1970; never `UInt64.max`, which stands for infinity.
    public let timestamp: UInt64
    public let id: EventID

    public init(timestamp: UInt64, id: EventID) {
        self.timestamp = timestamp
        self.id = id
    }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.timestamp == rhs.timestamp ? lhs.id < rhs.id : lhs.timestamp < rhs.timestamp
    }
}
