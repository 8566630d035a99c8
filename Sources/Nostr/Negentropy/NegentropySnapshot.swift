/// A tree at one moment, or the records of a stretch of time in it.
public struct NegentropySnapshot: NegentropySet {
    private let chunks: [[NegentropyItem]]
    /// Records before each chunk and in all of them, and the sums of their ids.
    private let starts: [Int]
    private let sums: [NegentropySum]
    /// What of all the set has.
    private var range: Range<Int>

    init(_ chunks: [[NegentropyItem]], sums chunkSums: [NegentropySum]) {
        self.chunks = chunks
        var (starts, sums) = ([0], [NegentropySum()])
        starts.reserveCapacity(chunks.count + 1)
        sums.reserveCapacity(chunks.count + 1)
        for (index, chunk) in chunks.enumerated() {
            starts.append(starts[index] + chunk.count)
            var sum = sums[index]
            sum += chunkSums[index]
            sums.append(sum)
        }
        self.starts = starts
        self.sums = sums
        self.range = 0..<starts[chunks.count]
    }

    /// The records from one second to another, both included; nil for no bound.
    public func window(since: UInt64?, until: UInt64?) -> NegentropySnapshot {
        var window = self
        let start = since.map { self.firstIndex(notBefore: NegentropyBound(timestamp: $0), from: 0) } ?? 0
        let end = until.map { self.firstIndex(notBefore: NegentropyBound(timestamp: $0 + 1), from: start) }
        window.range = self.range.lowerBound + start..<self.range.lowerBound + (end ?? self.count)
        return window
    }

    public var count: Int { self.range.count }

    public subscript(index: Int) -> NegentropyItem {
        let index = index + self.range.lowerBound
        let chunk = self.chunk(of: index)
        return self.chunks[chunk][index - self.starts[chunk]]
    }

    public func sum(of range: Range<Int>) -> NegentropySum {
        var sum = self.sum(before: range.upperBound + self.range.lowerBound)
        sum -= self.sum(before: range.lowerBound + self.range.lowerBound)
        return sum
    }

    public func firstIndex(notBefore bound: NegentropyBound, from start: Int) -> Int {
        var (low, high) = (0, self.chunks.count)
        while low < high {
            let middle = low + (high - low) / 2
            let chunk = self.chunks[middle]
            if bound.isBeyond(chunk[chunk.count - 1]) { low = middle + 1 } else { high = middle }
        }
        var index = self.starts[low]
        if low < self.chunks.count {
            let chunk = self.chunks[low]
            var (first, end) = (0, chunk.count)
            while first < end {
                let middle = first + (end - first) / 2
                if bound.isBeyond(chunk[middle]) { first = middle + 1 } else { end = middle }
            }
            index += first
        }
        return min(max(index - self.range.lowerBound, start), self.count)
    }

    /// The chunk that holds the record with this index among all; the number of chunks for the one behind the last.
    private func chunk(of index: Int) -> Int {
        var (low, high) = (0, self.chunks.count)
        while low < high {
            let middle = low + (high - low) / 2
            if self.starts[middle + 1] <= index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func sum(before index: Int) -> NegentropySum {
        let chunk = self.chunk(of: index)
        guard chunk < self.chunks.count else { return self.sums[chunk] }
        let items = self.chunks[chunk]
        let inside = index - self.starts[chunk]
        // From the nearer end.
        guard inside > items.count / 2 else {
            var sum = self.sums[chunk]
            for item in items[..<inside] { sum += item.id }
            return sum
        }
        var sum = self.sums[chunk + 1]
        for item in items[inside...] { sum -= item.id }
        return sum
    }
}
