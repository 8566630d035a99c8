/// How much a store holds.
public struct StoreContents: Hashable, Sendable {
    public var events: Int
    /// Tombstones of events: who deleted which id (NIP-09).
    public var deletedEvents: Int
    /// Tombstones of addresses: up to which second versions are deleted (NIP-09).
    public var deletedAddresses: Int
    /// Keys that have vanished (NIP-62).
    public var vanished: Int
    /// Records, those that were struck off included.
    public var records: Int

    public init(
        events: Int = 0,
        deletedEvents: Int = 0,
        deletedAddresses: Int = 0,
        vanished: Int = 0,
        records: Int = 0
    ) {
        self.events = events
        self.deletedEvents = deletedEvents
        self.deletedAddresses = deletedAddresses
        self.vanished = vanished
        self.records = records
    }

    /// Counts one thing more.
    mutating func count(_ item: StoredItem) {
        switch item {
        case .event: self.events += 1
        case .deletedEvent: self.deletedEvents += 1
        case .deletedAddress: self.deletedAddresses += 1
        case .vanished: self.vanished += 1
        case .record: self.records += 1
        }
    }

    public var isEmpty: Bool { self == StoreContents() }
}

extension StoreContents: CustomStringConvertible {
    public var description: String {
        let tombstones = "\(self.deletedEvents) deleted events, \(self.deletedAddresses) deleted addresses"
        let vanished = self.vanished > 0 ? ", \(self.vanished) vanished keys" : ""
        let records = self.records > 0 ? ", \(self.records) records" : ""
        return "\(self.events) events, \(tombstones)\(vanished)\(records)"
    }
}
