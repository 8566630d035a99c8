/// A counter for each case of a reason.
public final class ReasonCounters<Reason: CaseIterable & RawRepresentable & Sendable>: Sendable
where Reason.RawValue == String {
    private let counters = Counters(count: Reason.allCases.count)

    public init() {}

    /// Counts one occurrence.
    public func add(_ reason: Reason) {
        guard let slot = Reason.allCases.firstIndex(where: { $0.rawValue == reason.rawValue }) else { return }
        let number = Reason.allCases.distance(from: Reason.allCases.startIndex, to: slot)
        self.counters.add(1, at: number)
    }

    /// Label and count of every reason, zero or not.
    public var values: [(label: String, count: Int)] {
        zip(Reason.allCases, self.counters.values).map { ($0.rawValue, $1) }
    }
}
