import Synchronization

/// Records that a reconciliation holds of its own, counted among those of all.
final class RecordLease: Sendable {
    private let total: Counter
    private let maximum: Int
    private let records = Atomic<Int>(0)

    /// - Parameters:
    ///   - total: what all hold.
    ///   - maximum: what all may hold.
    init(of total: Counter, maximum: Int) {
        self.total = total
        self.maximum = maximum
    }

    deinit { self.total.add(-self.records.load(ordering: .relaxed)) }

    /// Counts further records; returns whether there is room for them.
    func add(_ count: Int) -> Bool {
        self.records.wrappingAdd(count, ordering: .relaxed)
        self.total.add(count)
        return self.total.value <= self.maximum
    }
}
