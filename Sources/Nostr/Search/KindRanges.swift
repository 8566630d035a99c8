/// Kinds as ranges, for sets that may be large.
public struct KindRanges: Sendable, Hashable, CustomStringConvertible {
    public let ranges: [ClosedRange<UInt16>]

    public init(_ ranges: [ClosedRange<UInt16>]) { self.ranges = ranges }

    public func contains(_ kind: Kind) -> Bool { self.ranges.contains { $0.contains(kind.rawValue) } }

    /// The ranges without these kinds.
    public func subtracting(_ kinds: some Sequence<Kind>) -> KindRanges {
        var ranges = self.ranges
        for kind in kinds {
            ranges = ranges.flatMap { range -> [ClosedRange<UInt16>] in
                guard range.contains(kind.rawValue) else { return [range] }
                var parts: [ClosedRange<UInt16>] = []
                if range.lowerBound < kind.rawValue { parts.append(range.lowerBound...kind.rawValue - 1) }
                if kind.rawValue < range.upperBound { parts.append(kind.rawValue + 1...range.upperBound) }
                return parts
            }
        }
        return KindRanges(ranges)
    }

    /// `0-1,11`, as a database keeps it.
    public var description: String {
        self.ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    /// Reads what `description` wrote; nil for anything else.
    public init?(_ description: String) {
        var ranges: [ClosedRange<UInt16>] = []
        for part in description.split(separator: ",") {
            let ends = part.split(separator: "-").map { UInt16($0) }
            guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else { return nil }
            ranges.append(low...high)
        }
        self.init(ranges)
    }
}
