import Actors
import Backends
import Logging
import Nostr

extension Membership {
    /// How long an invitation is good that a client asked for, and how many of one member's may be open; whoever asks
    /// for more gets the newest of these again.
    private static let invitationSeconds: Int64 = 7 * 86_400
    private static let mostOpen = 20

    func invitation(for keys: Set<PublicKey>) async -> Event? {
        let settings = self.settings.current
        let now = self.clock.now()
        guard
            let inviter = keys.sorted().first(where: {
                settings.policy.members.account(of: $0, at: now) != nil || settings.admins.contains($0)
            })
        else { return nil }
        do {
            let code = try await self.code(by: inviter, now: now)
            let key = try await self.relayKey()
            return try MemberList.event(.invitation, [["claim", code]], by: key, at: now)
        } catch {
            self.logger.error("an invitation cannot be made", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func code(by inviter: PublicKey, now: Int64) async throws -> String {
        var changes: [RecordChange] = []
        var open: [Invitation] = []
        var last: Int64 = 0
        while true {
            let records = try await self.readers.next.records(in: Invitation.section, after: last, atMost: 1_000)
            for record in records {
                guard let invitation = Invitation(record), !invitation.hasEnded(by: now) else {
                    changes.append(RecordChange(.erase, section: Invitation.section, key: record.key))
                    continue
                }
                if invitation.inviter == inviter { open.append(invitation) }
            }
            guard let record = records.last, records.count == 1_000 else { break }
            last = record.revision
        }
        if open.count >= Self.mostOpen, let newest = open.last { return newest.code }
        let invitation = Invitation(until: now + Self.invitationSeconds, by: inviter)
        _ = try await self.writer.apply(changes + [invitation.change(if: .absent)])
        return invitation.code
    }
}
