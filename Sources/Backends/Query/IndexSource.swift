import Nostr

/// What the merge needs of a database; each dialect supplies its statements.
protocol IndexSource: AnyObject {
    /// The commit position of the last event, in the transaction that is open.
    func lastPosition() throws(StorageError) -> Int64
    /// The number that stands for an author in the indexes; nil where nothing of it was ever stored.
    func number(of author: PublicKey) throws(StorageError) -> Int64?
    /// The kinds that an author has written; nil where they are more than `count`.
    func kinds(of author: Int64, atMost count: Int) throws(StorageError) -> [Kind]?
    /// The keyed hash that the tag index goes by.
    func tagHash(letter: UInt8, value: Span<UInt8>) -> Int64
    /// The entries of those of these events that are stored, and of any whose ids begin alike.
    func entries(of ids: [EventID]) throws(StorageError) -> [IndexEntry]
    /// Fetches a stream's next entries inside `window`; where it finds none in many rows, there may be more.
    ///
    /// - Returns: how many index rows were looked at.
    func fill(_ stream: inout IndexStream, in window: IndexWindow) throws(StorageError) -> Int
    /// The row at a position; nil where it has gone.
    func row(at position: Int64) throws(StorageError) -> StoredRow?
}

/// What of an index a query looks at.
struct IndexWindow: Sendable {
    let since: Int64
    let until: Int64
    /// The last commit position that counts.
    let snapshot: Int64
    /// Nil for all kinds; only the tag index needs it.
    let kinds: Set<Kind>?
    let direction: StoredQuery.Direction
}

/// A stored event as it is read.
struct StoredRow {
    let json: [UInt8]
    let kind: Kind
    /// Seconds since 1970.
    let expiresAt: Int64?
}
