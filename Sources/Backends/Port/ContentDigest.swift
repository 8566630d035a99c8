import Nostr

/// Tells whether two stores hold the same, in whatever order they name it: counts, and a sum of SHA-256s.
public struct ContentDigest: Hashable, Sendable {
    public private(set) var contents = StoreContents()
    /// The sum of the hashes of all lines of a snapshot, as four numbers modulo 2^64.
    private var sum: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    public init() {}

    public mutating func add(_ item: StoredItem) {
        self.contents.count(item)
        var line: [UInt8] = []
        SnapshotLine.item(item).append(to: &line)
        SHA256.digest(line).withBytes { bytes in
            self.sum.0 &+= bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            self.sum.1 &+= bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            self.sum.2 &+= bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            self.sum.3 &+= bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        }
    }

    public static func == (one: Self, other: Self) -> Bool { one.contents == other.contents && one.sum == other.sum }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.contents)
        hasher.combine(self.sum.0)
    }
}
