public import Nostr

/// A session that reads.
public protocol StoreReader: AnyObject {
    /// The next page of a query's answer, and the query as it stands after it. A page is one short read transaction.
    func nextPage(of query: consuming StoredQuery, bounds: PageBounds) throws(StorageError) -> (EventPage, StoredQuery)
    /// A number that changes whenever another session has changed anything; nil where there is no such number.
    func version() throws(StorageError) -> Int64?
    /// Why each of these events would not be stored now; nil for one that may be. Their signatures are not looked at.
    func standings(of events: [Event]) throws(StorageError) -> [Standing?]
    /// Events committed after a position that are still stored, oldest commit first; about 1 MiB of them at most.
    func events(after position: Int64, atMost count: Int) throws(StorageError) -> CommittedEvents
    /// The commit position of the last event.
    func lastPosition() throws(StorageError) -> Int64
    /// How the database stands.
    func statistics() throws(StorageError) -> StoreStatistics
    /// Ends the session; nothing else may be called after it.
    func close()
}
