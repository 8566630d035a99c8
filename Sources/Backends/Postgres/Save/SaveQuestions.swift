import Nostr

/// What must be known of a database before a batch can be judged. Each list is sorted and names nothing twice, so
/// that the same batch asks the same and locks are taken in one order.
struct SaveQuestions: Equatable, Sendable {
    /// Ids of the batch, by whomever they are stored.
    private(set) var ids: [EventID] = []
    /// Events that the batch's deletion requests name, with the one who asks; those of `ids` are not repeated.
    private(set) var targets: [AuthoredID] = []
    /// Addresses whose stored version is asked for.
    private(set) var addresses: [AddressKey] = []
    /// Events whose deletion is asked for, with each who may have deleted them.
    private(set) var deletedEvents: [AuthoredID] = []
    /// Addresses whose deletion is asked for.
    private(set) var deletedAddresses: [AddressKey] = []
    /// Keys that may have vanished.
    private(set) var vanished: [PublicKey] = []

    /// - Parameter burials: tombstones that come from another store.
    init(_ batch: [SaveCandidate], burials: [Burial] = []) {
        var (ids, targets, addresses) = (Set<EventID>(), Set<AuthoredID>(), Set<AddressKey>())
        var (deletedEvents, deletedAddresses) = (Set<AuthoredID>(), Set<AddressKey>())
        var vanished: Set<PublicKey> = []
        for candidate in batch {
            let (id, pubkey) = (candidate.event.id, candidate.event.pubkey)
            ids.insert(id)
            vanished.insert(pubkey)
            vanished.formUnion(candidate.recipients)
            // A deletion of a deletion does nothing, so nobody asks whether one was deleted.
            if !candidate.event.kind.standsDeletion { deletedEvents.insert(AuthoredID(id: id, pubkey: pubkey)) }
            for recipient in candidate.recipients { deletedEvents.insert(AuthoredID(id: id, pubkey: recipient)) }
            if let address = candidate.address {
                addresses.insert(address)
                deletedAddresses.insert(address)
            }
            for target in candidate.targets {
                switch target {
                case .event(let id): targets.insert(AuthoredID(id: id, pubkey: pubkey))
                case .address(let address): addresses.insert(address)
                case .key(let key): vanished.insert(key)
                }
            }
        }
        for burial in burials {
            switch burial.target {
            case .event(let id): targets.insert(AuthoredID(id: id, pubkey: burial.pubkey))
            case .address(let address): addresses.insert(address)
            case .key(let key): vanished.insert(key)
            }
        }
        self.vanished = vanished.sorted()
        self.ids = ids.sorted()
        self.targets = targets.filter { !ids.contains($0.id) }.sorted()
        self.addresses = addresses.sorted()
        self.deletedEvents = deletedEvents.sorted()
        self.deletedAddresses = deletedAddresses.sorted()
    }
}
