/// A set that changes: the sums of its chunks are kept, so that no snapshot of it adds up all ids again.
///
/// 40 bytes a record. Snapshots share what has not changed since.
public struct NegentropyTree: Sendable {
    private var items: SortedChunks<NegentropyItem>
    /// The sum of the ids of each chunk.
    private var sums: [NegentropySum]

    /// - Parameter items: in any order; a record that comes twice counts once.
    public init(_ items: [NegentropyItem] = []) {
        var sorted = items.sorted()
        if zip(sorted, sorted.dropFirst()).contains(where: { $0 == $1 }) { sorted = NegentropyVector.distinct(sorted) }
        self.items = SortedChunks(sorted: sorted)
        self.sums = self.items.chunks.map(Self.sum)
    }

    public var count: Int { self.items.count }

    /// Adds a record; returns false where it is there already.
    @discardableResult
    public mutating func insert(_ item: NegentropyItem) -> Bool {
        switch self.items.insert(item) {
        case nil: return false
        case .added(let chunk): self.sums.insert(Self.sum(self.items.chunks[chunk]), at: chunk)
        case .split(let chunk):
            self.sums[chunk] = Self.sum(self.items.chunks[chunk])
            self.sums.insert(Self.sum(self.items.chunks[chunk + 1]), at: chunk + 1)
        case .changed(let chunk): self.sums[chunk] += item.id
        case .emptied: break
        }
        return true
    }

    /// Takes a record out; returns false where it is not there.
    @discardableResult
    public mutating func remove(_ item: NegentropyItem) -> Bool {
        switch self.items.remove(item) {
        case nil: return false
        case .changed(let chunk): self.sums[chunk] -= item.id
        case .emptied(let chunk): self.sums.remove(at: chunk)
        case .added, .split: break
        }
        return true
    }

    /// The records of a second whose ids begin with these eight bytes: all but never more than one.
    public func items(at timestamp: UInt64, prefix: UInt64) -> [NegentropyItem] {
        let first = NegentropyItem(timestamp: timestamp, id: EventID(Bytes32(prefix, 0, 0, 0)))
        guard var place = self.items.firstPlace(where: { $0 < first }) else { return [] }
        var found: [NegentropyItem] = []
        while place.chunk < self.items.chunks.count {
            while place.index < self.items.chunks[place.chunk].count {
                let item = self.items[place]
                guard item.timestamp == timestamp, item.id.bytes.prefix == prefix else { return found }
                found.append(item)
                place.index += 1
            }
            place = (place.chunk + 1, 0)
        }
        return found
    }

    /// The set as it is now.
    public func snapshot() -> NegentropySnapshot { NegentropySnapshot(self.items.chunks, sums: self.sums) }

    private static func sum(_ chunk: [NegentropyItem]) -> NegentropySum {
        var sum = NegentropySum()
        for item in chunk { sum += item.id }
        return sum
    }
}
