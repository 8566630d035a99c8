import Nostr

/// A database as far as a batch's questions reach: filled with the answers, then changed as the batch is judged.
struct StoredState: Sendable {
    private var events: [Int64: KnownEvent] = [:]
    private var positions: [EventID: Int64] = [:]
    private var versions: [AddressKey: Int64] = [:]
    private var deletedEvents: Set<AuthoredID> = []
    private var deletedAddresses: [AddressKey: Int64] = [:]
    private var vanished = Vanishing()

    init() {}

    /// Takes a stored event, found by its id or as the version of its address; the same one twice is as good as once.
    mutating func insert(_ event: KnownEvent) {
        self.events[event.position] = event
        self.positions[event.id] = event.position
        if let address = event.address { self.versions[address] = event.position }
    }

    /// Takes the tombstone of an event: who deleted which id.
    mutating func insert(deleted event: AuthoredID) { self.deletedEvents.insert(event) }

    /// Takes the tombstone of an address: its owner deleted the versions up to this second.
    mutating func insert(deleted address: AddressKey, until: Int64) {
        self.deletedAddresses[address] = max(until, self.deletedAddresses[address] ?? .min)
    }

    /// Takes a key that has vanished up to this second.
    mutating func insert(vanished key: PublicKey, until: Int64) { self.vanished.add(key, until: until) }

    mutating func remove(_ event: KnownEvent) {
        self.events[event.position] = nil
        self.positions[event.id] = nil
        if let address = event.address { self.versions[address] = nil }
    }

    /// The stored event with this id, whoever wrote it.
    func event(_ id: EventID) -> KnownEvent? { self.positions[id].flatMap { self.events[$0] } }

    /// The version that is stored of an address.
    func version(of address: AddressKey) -> KnownEvent? { self.versions[address].flatMap { self.events[$0] } }

    func isDeleted(_ event: AuthoredID) -> Bool { self.deletedEvents.contains(event) }

    /// Whether the author has vanished, or one to whom a gift wrap is addressed has.
    func hasVanished(_ event: Event) -> Bool { self.vanished.hides(event) }

    /// The second up to which a key has vanished; nil where it has not.
    func vanishedUntil(_ key: PublicKey) -> Int64? { self.vanished.keys[key] }

    /// The second up to which versions of an address are deleted; nil where none are.
    func deletedUntil(_ address: AddressKey) -> Int64? { self.deletedAddresses[address] }
}
