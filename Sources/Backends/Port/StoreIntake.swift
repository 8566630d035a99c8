/// A session that takes what another store holds.
public protocol StoreIntake: AnyObject {
    /// How much the store holds already.
    func contents() throws(StorageError) -> StoreContents
    /// Takes things in one durable transaction. Events follow the rules of NIP-01, and what is deleted stays so.
    ///
    /// A deletion request, or one to vanish, does nothing by itself: what it did comes as tombstones, and these remove
    /// what they name. So
    /// an empty store takes everything as it is, but for commit positions, which are given anew in the same order. Of
    /// a record that both stores have in different words the one with the greater revision stands, the one that comes
    /// where they are equal: see `RecordArrival`.
    func take(_ items: [StoredItem]) throws(StorageError) -> IntakeSummary
    /// Ends the session; nothing else may be called after it.
    func close()
}
