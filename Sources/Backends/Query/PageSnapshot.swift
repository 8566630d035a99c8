/// What one page shows. A database at the end of a wire tells it together with the first rows, so it may be unknown
/// until then.
final class PageSnapshot {
    private(set) var value: Snapshot?
    /// Keys whose events it leaves out, whatever the snapshot has: see `Vanishing`.
    private(set) var vanishing: Vanishing

    init(_ value: Snapshot?, _ vanishing: Vanishing = Vanishing()) {
        self.value = value
        self.vanishing = vanishing
    }

    /// Says what was committed, and what had vanished, when the page was begun; a snapshot that is fixed stays.
    func settle(_ value: Snapshot, _ vanishing: Vanishing) {
        self.value = self.value ?? value
        self.vanishing = vanishing
    }

    /// Whether a transaction's events belong to it; none do as long as it is unknown.
    func includes(_ transaction: Int64) -> Bool { self.value?.includes(transaction) ?? false }
}
