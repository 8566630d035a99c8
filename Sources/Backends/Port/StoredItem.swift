public import Nostr

/// One of the things that a store holds: together they are all that another store has to be told to be the same.
public enum StoredItem: Hashable, Sendable {
    /// An event, which may have expired.
    case event(Event)
    /// Somebody deleted the event with this id; it concerns the event only where they are its author (NIP-09).
    case deletedEvent(EventID, by: PublicKey)
    /// The author deleted the versions of an address up to this second (NIP-09).
    ///
    /// - digest: the SHA-256 of the identifier in canonical form, which is empty for replaceable kinds.
    case deletedAddress(Kind, by: PublicKey, digest: Bytes32, until: Int64)
    /// A key vanished: nothing that it wrote up to this second is kept, nor gift wraps for it (NIP-62).
    case vanished(PublicKey, until: Int64)
    /// What operators and members have put on record: memberships, bans, what admins did; one that was struck off too.
    case record(Record)

    /// Bytes that it takes, roughly.
    public var size: Int {
        switch self {
        case .event(let event): event.json.count
        case .record(let record): 100 + record.key.utf8.count + (record.value?.count ?? 0)
        case .deletedEvent, .deletedAddress, .vanished: 100
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .event(let event): hasher.combine(event.id)
        case .deletedEvent(let id, _): hasher.combine(id)
        case .deletedAddress(_, _, let digest, _): hasher.combine(digest)
        case .vanished(let key, _): hasher.combine(key)
        case .record(let record): hasher.combine(record)
        }
    }
}
