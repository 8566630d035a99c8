import Nostr

/// Judges the events of a batch, in their order, by the rules of NIP-01 and NIP-09, and sums up what they come to.
///
/// It gives the verdicts that the events would have if each were saved before the next one is looked at.
struct BatchJudge {
    private var state: StoredState
    private let firstPosition: Int64
    /// Which event of the batch has the position this far after the first; nil for one that is gone again.
    private var standing: [Int?] = []
    private var judged = 0
    private var deletedEvents: Set<AuthoredID> = []
    private var deletedAddresses: [AddressKey: Int64] = [:]
    private var vanished = Vanishing()
    /// The version's position before the batch, for each address whose version the batch has changed.
    private var versionsBefore: [AddressKey: Int64?] = [:]
    /// Whatever the batch removed, in this order: rows that stood before it, and events of its own.
    private(set) var removed: [SaveEffects.RemovedRow] = []

    /// - Parameters:
    ///   - state: the answers to the batch's questions.
    ///   - firstPosition: the position of the first event that the batch stores, beyond all that were ever given.
    init(_ state: StoredState, firstPosition: Int64) {
        self.state = state
        self.firstPosition = firstPosition
    }

    /// Judges the next event of the batch.
    mutating func judge(_ candidate: SaveCandidate) -> SaveVerdict {
        let event = candidate.event
        defer { self.judged += 1 }
        // What has vanished may not be removed yet, and is no duplicate.
        guard !self.state.hasVanished(event) else { return .vanished }
        guard self.state.event(event.id) == nil else { return .duplicate }
        guard !self.isDeleted(candidate) else { return .deleted }
        if let address = candidate.address, let rival = self.state.version(of: address) {
            guard event.replaces(createdAt: rival.createdAt, id: rival.id) else { return .superseded }
            self.remove(rival, cause: .replaced)
        }
        let position = self.insert(candidate)
        for target in candidate.targets { self.delete(target, askedBy: event) }
        return .stored(position: position)
    }

    /// Carries out a tombstone of another store, which stays, whatever it names.
    mutating func bury(_ burial: Burial) {
        switch burial.target {
        case .event(let id):
            if let event = self.state.event(id), event.isDeletable(by: burial.pubkey),
                !event.kind.standsDeletion
            {
                self.remove(event, cause: .deleted)
            }
            self.insert(deleted: AuthoredID(id: id, pubkey: burial.pubkey))
        case .address(let address): self.delete(address, until: burial.until)
        case .key(let key): self.vanish(key, until: burial.until)
        }
    }

    /// What the events judged so far come to.
    var effects: SaveEffects {
        let inserted = self.standing.enumerated().compactMap { offset, index in
            index.map { SaveEffects.InsertedRow(index: $0, position: self.firstPosition + Int64(offset)) }
        }
        let changed = self.versionsBefore.compactMap { address, before in
            let after = self.state.version(of: address)?.position
            return before == after ? nil : SaveEffects.ChangedAddress(address: address, position: after)
        }
        return SaveEffects(
            insertedRows: inserted,
            deletedRows: self.removed.filter { $0.position < self.firstPosition },
            deletedEvents: self.deletedEvents.sorted(),
            deletedAddresses: self.deletedAddresses.sorted { $0.key < $1.key }.map { address, until in
                SaveEffects.DeletedAddress(address: address, until: until)
            },
            vanished: self.vanished,
            changedAddresses: changed.sorted { $0.address < $1.address },
            lastPosition: self.firstPosition + Int64(self.standing.count) - 1
        )
    }

    /// Whether the author, or one to whom a gift wrap is addressed, has deleted the event, by id or by address.
    private func isDeleted(_ candidate: SaveCandidate) -> Bool {
        let event = candidate.event
        // A deletion of a deletion does nothing, before its target as after it.
        guard !event.kind.standsDeletion else { return false }
        if self.state.isDeleted(AuthoredID(id: event.id, pubkey: event.pubkey)) { return true }
        for recipient in candidate.recipients
        where self.state.isDeleted(AuthoredID(id: event.id, pubkey: recipient)) {
            return true
        }
        guard let address = candidate.address, let until = self.state.deletedUntil(address) else { return false }
        return event.createdAt <= until
    }

    private mutating func insert(_ candidate: SaveCandidate) -> Int64 {
        let event = candidate.event
        let position = self.firstPosition + Int64(self.standing.count)
        self.standing.append(self.judged)
        self.noteVersion(of: candidate.address)
        self.state.insert(
            KnownEvent(
                position: position,
                id: event.id,
                pubkey: event.pubkey,
                kind: event.kind,
                createdAt: event.createdAt,
                address: candidate.address,
                recipients: candidate.recipients
            )
        )
        return position
    }

    private mutating func remove(_ event: KnownEvent, cause: RemovedEvent.Cause) {
        self.noteVersion(of: event.address)
        self.state.remove(event)
        if event.position >= self.firstPosition { self.standing[Int(event.position - self.firstPosition)] = nil }
        self.removed.append(SaveEffects.RemovedRow(id: event.id, position: event.position, cause: cause))
    }

    /// Remembers the version that an address had before the batch, before it is changed for the first time.
    private mutating func noteVersion(of address: AddressKey?) {
        guard let address, self.versionsBefore[address] == nil else { return }
        self.versionsBefore.updateValue(self.state.version(of: address)?.position, forKey: address)
    }

    /// Carries out one tag of a deletion request: on what is stored now, and, by a tombstone, on what arrives later.
    private mutating func delete(_ target: SaveCandidate.Target, askedBy request: Event) {
        switch target {
        case .event(let id):
            if let event = self.state.event(id), event.isDeletable(by: request.pubkey) {
                guard !event.kind.standsDeletion else { return }
                self.remove(event, cause: .deleted)
            }
            self.insert(deleted: AuthoredID(id: id, pubkey: request.pubkey))
        case .address(let address): self.delete(address, until: request.createdAt)
        case .key(let key): self.vanish(key, until: request.createdAt)
        }
    }

    /// Bars a key's events up to a second. Those that are stored are left to whoever removes what has vanished.
    private mutating func vanish(_ key: PublicKey, until: Int64) {
        if let earlier = self.state.vanishedUntil(key), earlier >= until { return }
        self.state.insert(vanished: key, until: until)
        self.vanished.add(key, until: until)
    }

    private mutating func insert(deleted tombstone: AuthoredID) {
        self.state.insert(deleted: tombstone)
        self.deletedEvents.insert(tombstone)
    }

    private mutating func delete(_ address: AddressKey, until: Int64) {
        if let event = self.state.version(of: address), event.createdAt <= until {
            self.remove(event, cause: .deleted)
        }
        self.state.insert(deleted: address, until: until)
        self.deletedAddresses[address] = max(until, self.deletedAddresses[address] ?? .min)
    }
}
