import Actors
import Backends
import Nostr

extension Management {
    /// What a call writes that lets a key in or no longer; nil for another call. A key that is let in is a member.
    func memberChange(for call: ManagementCall) async throws -> RecordChange? {
        switch call {
        case .allowPubkey(let key, let reason):
            let now = self.clock.now()
            let record = try await self.readers.next.record(key.hex, in: MemberRecord.section)
            let condition = record.map { RecordChange.Condition.revision($0.revision) } ?? .absent
            guard let record, var member = MemberRecord(record), now < member.until ?? .max else {
                return MemberRecord(key, since: now, note: reason).change(if: condition)
            }
            if !reason.isEmpty { member.note = reason }
            return member.change(if: condition)
        case .unallowPubkey(let key):
            guard !self.enforcement.settings.configuration.access.members.contains(key) else {
                throw ManagementError("the configuration names this key as a member (access.members)")
            }
            return RecordChange(.strike, section: MemberRecord.section, key: key.hex)
        default: return nil
        }
    }

    /// The members that the database has, with what is remembered about them.
    func allowedPubkeys() async throws(StorageError) -> [PublicKey: String] {
        let now = self.clock.now()
        var notes: [PublicKey: String] = [:]
        var last: Int64 = 0
        while true {
            let records = try await self.readers.next.records(in: MemberRecord.section, after: last, atMost: 1_000)
            for record in records {
                guard let member = MemberRecord(record), now < member.until ?? .max else { continue }
                notes[member.key] = member.note
            }
            guard let record = records.last, records.count == 1_000 else { return notes }
            last = record.revision
        }
    }
}
