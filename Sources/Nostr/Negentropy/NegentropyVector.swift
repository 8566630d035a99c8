/// A set in one sorted array, with the sum of all ids before each block: the sum of any range is the difference of two
/// of them and what is left over at its ends.
public struct NegentropyVector: NegentropySet {
    private static let blockItems = 64
    private let items: [NegentropyItem]
    /// The sum of the ids before each block, and of all.
    private let sums: [NegentropySum]

    /// - Parameter items: in any order; a record that comes twice counts once.
    public init(_ items: [NegentropyItem]) {
        let sorted = items.sorted()
        let hasTwins = zip(sorted, sorted.dropFirst()).contains { $0 == $1 }
        self.init(sorted: hasTwins ? Self.distinct(sorted) : sorted)
    }

    /// - Parameter items: in their order, each once.
    init(sorted items: [NegentropyItem]) {
        self.items = items
        var sums: [NegentropySum] = []
        sums.reserveCapacity(items.count / Self.blockItems + 1)
        var sum = NegentropySum()
        for (index, item) in items.enumerated() {
            if index.isMultiple(of: Self.blockItems) { sums.append(sum) }
            sum += item.id
        }
        sums.append(sum)
        self.sums = sums
    }

    static func distinct(_ sorted: [NegentropyItem]) -> [NegentropyItem] {
        var distinct: [NegentropyItem] = []
        for item in sorted where distinct.last != item { distinct.append(item) }
        return distinct
    }

    public var count: Int { self.items.count }

    public subscript(index: Int) -> NegentropyItem { self.items[index] }

    public func sum(of range: Range<Int>) -> NegentropySum {
        var sum = self.sum(before: range.upperBound)
        sum -= self.sum(before: range.lowerBound)
        return sum
    }

    private func sum(before index: Int) -> NegentropySum {
        let block = index / Self.blockItems
        var sum = self.sums[block]
        for item in self.items[block * Self.blockItems..<index] { sum += item.id }
        return sum
    }
}
