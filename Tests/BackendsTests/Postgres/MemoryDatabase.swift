import Nostr
import Testing

@testable import Backends

/// What a database holds, kept by carrying out the effects of batches; it answers what it is asked and no more.
struct MemoryDatabase {
    private(set) var rows: [Int64: KnownEvent] = [:]
    private(set) var versions: [AddressKey: Int64] = [:]
    private(set) var deletedEvents: Set<AuthoredID> = []
    private(set) var deletedAddresses: [AddressKey: Int64] = [:]
    private(set) var vanished = Vanishing()
    private(set) var lastPosition: Int64 = 0

    struct Saved {
        let verdicts: [SaveVerdict]
        let removed: [SaveEffects.RemovedRow]
        let effects: SaveEffects
    }

    mutating func save(_ batch: [Event]) throws -> Saved {
        let candidates = batch.map { SaveCandidate($0) }
        var judge = BatchJudge(self.answer(to: SaveQuestions(candidates)), firstPosition: self.lastPosition + 1)
        let verdicts = candidates.map { judge.judge($0) }
        try self.apply(judge.effects, of: candidates)
        return Saved(verdicts: verdicts, removed: judge.removed, effects: judge.effects)
    }

    private func answer(to questions: SaveQuestions) -> StoredState {
        var state = StoredState()
        let (ids, targets) = (Set(questions.ids), Set(questions.targets))
        for row in self.rows.values where ids.contains(row.id) { state.insert(row) }
        for row in self.rows.values {
            let deleters = row.recipients.union([row.pubkey])
            if deleters.contains(where: { targets.contains(AuthoredID(id: row.id, pubkey: $0)) }) { state.insert(row) }
        }
        for position in questions.addresses.compactMap({ self.versions[$0] }) {
            if let row = self.rows[position] { state.insert(row) }
        }
        for event in questions.deletedEvents where self.deletedEvents.contains(event) { state.insert(deleted: event) }
        for address in questions.deletedAddresses {
            if let until = self.deletedAddresses[address] { state.insert(deleted: address, until: until) }
        }
        for key in questions.vanished {
            if let until = self.vanished.keys[key] { state.insert(vanished: key, until: until) }
        }
        return state
    }

    /// Carries the effects out as a database would that refuses two rows of one id, and two versions of one address.
    private mutating func apply(_ effects: SaveEffects, of batch: [SaveCandidate]) throws {
        for row in effects.deletedRows {
            try #require(self.rows.removeValue(forKey: row.position)?.id == row.id)
        }
        for row in effects.insertedRows {
            let event = batch[row.index].event
            try #require(!self.rows.values.contains { $0.id == event.id })
            try #require(row.position > self.lastPosition && row.position <= effects.lastPosition)
            self.rows[row.position] = KnownEvent(
                position: row.position,
                id: event.id,
                pubkey: event.pubkey,
                kind: event.kind,
                createdAt: event.createdAt,
                address: batch[row.index].address,
                recipients: batch[row.index].recipients
            )
        }
        for change in effects.changedAddresses { self.versions[change.address] = change.position }
        for event in effects.deletedEvents { self.deletedEvents.insert(event) }
        for tombstone in effects.deletedAddresses {
            let known = self.deletedAddresses[tombstone.address] ?? .min
            self.deletedAddresses[tombstone.address] = max(known, tombstone.until)
        }
        self.vanished.formUnion(effects.vanished)
        self.lastPosition = effects.lastPosition
        try #require(Set(self.versions.values) == Set(self.rows.values.filter { $0.address != nil }.map(\.position)))
    }
}
