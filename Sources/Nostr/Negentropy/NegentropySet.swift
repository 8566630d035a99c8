/// Records in their order, each once: what one side of a reconciliation holds (NIP-77).
public protocol NegentropySet: Sendable {
    var count: Int { get }

    /// The record at an index of `0..<count`.
    subscript(index: Int) -> NegentropyItem { get }

    /// The sum of the ids in a part of `0..<count`.
    func sum(of range: Range<Int>) -> NegentropySum

    /// The index of the first record from `start` on that is not before the bound; `count` where there is none.
    func firstIndex(notBefore bound: NegentropyBound, from start: Int) -> Int
}

extension NegentropySet {
    public func firstIndex(notBefore bound: NegentropyBound, from start: Int) -> Int {
        var (low, high) = (start, self.count)
        while low < high {
            let middle = low + (high - low) / 2
            if bound.isBeyond(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    public func fingerprint(of range: Range<Int>) -> NegentropyFingerprint {
        self.sum(of: range).fingerprint(count: range.count)
    }
}
