public import Backends

/// A position in a database that has one writer at a time.
extension CommitPosition: ExpressibleByIntegerLiteral {
    public init(integerLiteral row: Int64) { self.init(row: row, transaction: row) }
}
