import Nostr

/// What a batch comes to: how the database differs after it. What the batch itself took away again is not in it.
///
/// An event may be both among `deletedRows` and `insertedRows`, at another position: it was replaced, what replaced it
/// was deleted, and then it came once more. So rows are deleted before others are inserted.
struct SaveEffects: Equatable, Sendable {
    /// An event of the batch that is stored in the end.
    struct InsertedRow: Hashable, Sendable {
        /// Which event of the batch, from 0.
        let index: Int
        let position: Int64
    }

    /// An event that is no longer stored.
    struct RemovedRow: Hashable, Sendable {
        let id: EventID
        let position: Int64
        let cause: RemovedEvent.Cause
    }

    /// The tombstone of an address.
    struct DeletedAddress: Hashable, Sendable {
        let address: AddressKey
        /// The second up to which versions are deleted; what the database has already may be later, and stays then.
        let until: Int64
    }

    /// The version of an address is another one than before.
    struct ChangedAddress: Hashable, Sendable {
        let address: AddressKey
        /// Nil where there is no version any more.
        let position: Int64?
    }

    /// In the order of the batch, and of positions.
    let insertedRows: [InsertedRow]
    /// Rows that stood before the batch, in the order in which it removed them.
    let deletedRows: [RemovedRow]
    /// Tombstones of events, sorted; the database may have some of them already.
    let deletedEvents: [AuthoredID]
    /// Tombstones of addresses, sorted, one for each address.
    let deletedAddresses: [DeletedAddress]
    /// Keys that vanish, or do so up to a later second. What stands of their events is removed afterwards.
    let vanished: Vanishing
    /// Sorted, one for each address; replaceable kinds too.
    let changedAddresses: [ChangedAddress]
    /// The last position that was given, also to what is gone again; the first one less one where none was.
    let lastPosition: Int64
}
