/// A set of event kinds, kept as ranges.
public struct KindSet: Hashable, Sendable, CustomStringConvertible {
    /// The ranges in ascending order; no two touch.
    public let ranges: [ClosedRange<UInt16>]

    /// Every kind.
    public static let all = KindSet([0...UInt16.max])
    /// No kind.
    public static let none = KindSet([])

    /// - Parameter ranges: In any order; those that overlap or touch are joined.
    public init(_ ranges: [ClosedRange<UInt16>]) {
        var joined: [ClosedRange<UInt16>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        self.ranges = joined
    }

    /// Whether the set has no kind.
    public var isEmpty: Bool { ranges.isEmpty }

    /// Whether the kind is in the set.
    public func contains(_ kind: UInt16) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < kind { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= kind
    }

    /// The ranges as a configuration has them, or `all` or `none`.
    public var description: String {
        if self == .all { return "all" }
        return isEmpty ? "none" : ranges.map(Self.text(of:)).joined(separator: ", ")
    }

    /// A range as a configuration has it: `7` or `30000-39999`.
    static func text(of range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// Reads one entry of a list of kinds: `7` or `30000-39999`.
    ///
    /// - Throws: `InvalidText` where it is neither, beyond 65535, or a range that ends before it starts.
    static func range(parsing text: some StringProtocol) throws(InvalidText) -> ClosedRange<UInt16> {
        var rest = Substring(text)
        let first = try rest.takeWholeNumber()
        let last = rest.take("-") ? try rest.takeWholeNumber() : first
        guard rest.isEmpty else { throw InvalidText("a range is written 30000-39999") }
        guard let first = UInt16(exactly: first), let last = UInt16(exactly: last) else {
            throw InvalidText("the last kind is 65535")
        }
        guard first <= last else { throw InvalidText("the range ends before it starts") }
        return first...last
    }
}
