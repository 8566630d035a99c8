/// What one page shows. A database at the end of a wire tells it together with the first rows, so it may be unknown
/// until then.
final class PageSnapshot {
    private(set) var value: Snapshot?

    init(_ value: Snapshot?) { self.value = value }

    func settle(_ value: Snapshot) { self.value = value }

    /// Whether a transaction's events belong to it; none do as long as it is unknown.
    func includes(_ transaction: Int64) -> Bool { self.value?.includes(transaction) ?? false }
}
