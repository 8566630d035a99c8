/// Where a stored event stands: its row, and the transaction that put it there.
public struct CommitPosition: Sendable, Hashable {
    /// Names the stored event as long as the database lives; never given twice.
    public let row: Int64
    /// Told by a `Snapshot` to be committed or not. Where transactions come one after the other it is the row itself.
    public let transaction: Int64

    public init(row: Int64, transaction: Int64) {
        self.row = row
        self.transaction = transaction
    }

    /// A position in a database that has one writer at a time.
    init(inSequence row: Int64) { self.init(row: row, transaction: row) }
}
