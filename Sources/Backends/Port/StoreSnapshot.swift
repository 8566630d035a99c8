/// A session that reads all that a store holds, as it was at one moment, whatever is written meanwhile.
public protocol StoreSnapshot: AnyObject {
    /// How much there is.
    var contents: StoreContents { get }
    /// Rows passed over so far, because they are damaged.
    var unreadable: Int { get }
    /// The next things, `count` at most and about a mebibyte; none after the last. Records come first, in the
    /// order of their revisions: who may do what stands before there is anything to do it with. Then events, oldest
    /// commit first, then tombstones of events, then those of addresses, then vanished keys.
    func next(atMost count: Int) throws(StorageError) -> [StoredItem]
    /// Ends the session; nothing else may be called after it.
    func close()
}
