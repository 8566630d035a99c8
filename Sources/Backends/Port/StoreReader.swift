public import Nostr

/// A session that reads.
public protocol StoreReader: AnyObject {
    /// The next page of a query's answer, and the query as it stands after it. A page is one short read transaction.
    func nextPage(of query: consuming StoredQuery, bounds: PageBounds) throws(StorageError) -> (EventPage, StoredQuery)
    /// Works on a count, as far as the bounds go, in one short read transaction; returns it as it stands then.
    func advance(_ count: consuming StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount
    /// A number that changes whenever another session has changed anything; nil where there is no such number.
    func version() throws(StorageError) -> Int64?
    /// Why each of these events would not be stored now; nil for one that may be. Their signatures are not looked at.
    func standings(of events: [Event]) throws(StorageError) -> [Standing?]
    /// Events that a cursor has not come to and that are still stored, in the order of their transactions; about 1 MiB
    /// of them at most.
    func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents
    /// What all stored events are told apart by, in the order of their rows, from one row on.
    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks
    /// What is committed now.
    func snapshot() throws(StorageError) -> Snapshot
    /// How the database stands.
    func statistics() throws(StorageError) -> StoreStatistics
    /// The revision of the record that was changed last; 0 where there are none.
    func recordRevision() throws(StorageError) -> Int64
    /// The records of a section that were changed after a revision, struck ones among them, in the order of their
    /// revisions; fewer than `count` are all.
    func records(in section: String, after revision: Int64, atMost count: Int) throws(StorageError) -> [Record]
    /// A record, or nil where there is none or it was struck off.
    func record(_ key: String, in section: String) throws(StorageError) -> Record?
    /// Ends the session; nothing else may be called after it.
    func close()
}
