/// Where a range of records ends, itself excluded (NIP-77, "Bound").
public struct NegentropyBound: Hashable, Comparable, Sendable {
    public let timestamp: UInt64
    /// The beginning of an id; what is left out counts as zeros.
    public let prefix: EventID
    /// Bytes of the prefix that are written, 0 to 32.
    let prefixBytes: Int

    /// Beyond all records.
    public static let infinity = NegentropyBound(timestamp: .max)

    /// Before all records of a second.
    public init(timestamp: UInt64) { self.init(timestamp: timestamp, prefix: Bytes32(0, 0, 0, 0), bytes: 0) }

    /// - Parameter prefix: zeros beyond its first `bytes`.
    init(timestamp: UInt64, prefix: Bytes32, bytes: Int) {
        self.timestamp = timestamp
        self.prefix = EventID(prefix)
        self.prefixBytes = bytes
    }

    /// The shortest bound between a record and the one that follows it.
    init(between last: NegentropyItem, and next: NegentropyItem) {
        guard last.timestamp == next.timestamp else {
            self.init(timestamp: next.timestamp)
            return
        }
        let bytes = min(last.id.bytes.commonPrefixBytes(with: next.id.bytes) + 1, 32)
        self.init(timestamp: next.timestamp, prefix: next.id.bytes.keepingFirst(bytes), bytes: bytes)
    }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.timestamp == rhs.timestamp ? lhs.prefix < rhs.prefix : lhs.timestamp < rhs.timestamp
    }

    /// Whether a record lies before the bound.
    public func isBeyond(_ item: NegentropyItem) -> Bool {
        item.timestamp == self.timestamp ? item.id < self.prefix : item.timestamp < self.timestamp
    }
}

extension Bytes32 {
    /// Bytes that two values begin with in common.
    fileprivate func commonPrefixBytes(with other: Bytes32) -> Int {
        var bytes = 0
        for difference in [self.a ^ other.a, self.b ^ other.b, self.c ^ other.c, self.d ^ other.d] {
            bytes += difference.leadingZeroBitCount / 8
            if difference != 0 { break }
        }
        return bytes
    }

    /// The first bytes, and zeros after them.
    fileprivate func keepingFirst(_ bytes: Int) -> Bytes32 {
        func kept(_ word: UInt64, from start: Int) -> UInt64 {
            let count = min(max(bytes - start, 0), 8)
            return count == 0 ? 0 : word & (.max << UInt64(64 - 8 * count))
        }
        return Bytes32(kept(self.a, from: 0), kept(self.b, from: 8), kept(self.c, from: 16), kept(self.d, from: 24))
    }
}
