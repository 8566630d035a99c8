import Nostr

/// The locks that a transaction takes before it looks at anything, so that races between nodes end in one truth: a
/// deletion and its target, or two versions of one address, that are saved at the same instant.
///
/// What authors have in common is a slot. Whoever deletes or replaces has the slot to itself; whoever only adds shares
/// it, and a gift wrap shares those of the keys that may delete it. Slots are few, for a server has room for few locks,
/// and are taken in their order, so that nobody waits in a circle.
struct PostgresLocks {
    private static let slots = 256
    /// Slots by number; whether each is taken alone.
    private let slots: [(number: Int, isAlone: Bool)]

    init(_ candidates: [SaveCandidate], burials: [Burial] = []) {
        var slots: [Int: Bool] = [:]
        for candidate in candidates {
            let slot = Self.slot(of: candidate.event.pubkey)
            let isAlone = candidate.address != nil || candidate.event.kind.standsDeletion
            slots[slot] = isAlone || slots[slot] == true
            for recipient in candidate.recipients {
                let slot = Self.slot(of: recipient)
                slots[slot] = slots[slot] ?? false
            }
        }
        for burial in burials { slots[Self.slot(of: burial.pubkey)] = true }
        self.slots = slots.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func slot(of author: PublicKey) -> Int { Int(author.bytes.prefix % UInt64(Self.slots)) }

    /// Statements that begin a transaction and take the locks.
    func begin(_ schema: PostgresSchema) -> String {
        let numbers = self.slots.map { "\($0.number)" }.joined(separator: ",")
        let alone = self.slots.map { $0.isAlone ? "t" : "f" }.joined(separator: ",")
        return """
            BEGIN;
            SELECT CASE WHEN q.alone THEN pg_advisory_xact_lock(hashtext('\(schema.name)'), q.slot)
                ELSE pg_advisory_xact_lock_shared(hashtext('\(schema.name)'), q.slot) END
            FROM unnest('{\(numbers)}'::int4[], '{\(alone)}'::bool[]) AS q(slot, alone)
            """
    }
}
