import Nostr

/// What a search needs of a database beside `IndexSource`.
protocol SearchSource: AnyObject {
    /// Rows of events that are stored and not indexed yet, of the newest `count` such.
    func unindexed(atMost count: Int) throws(StorageError) -> [Int64]
    /// The next rows that the index names, `count` at most, behind a place and not before a second.
    func stretch(
        of expression: SearchExpression,
        behind place: SearchPlace,
        since: Int64,
        atMost count: Int
    ) throws(StorageError) -> SearchStretch
}
