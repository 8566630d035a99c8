import Actors
import Backends
import Logging
import Nostr

extension Membership {
    /// How long an invitation is good that a client asked for.
    private static let invitationSeconds: Int64 = 7 * 86_400
    private static let invitationAttempts = 5
    private static let recordsAtOnce = 500

    func invitation(for keys: Set<PublicKey>) async throws(Refusal) -> Event? {
        let now = self.clock.now()
        guard let inviter = keys.sorted().first(where: { self.mayInvite($0, at: now) }) else { return nil }
        do {
            for _ in 0..<Self.invitationAttempts {
                guard let code = try await self.code(by: inviter, now: now) else { continue }
                return try MemberList.event(.invitation, [["claim", code]], by: try await self.relayKey(), at: now)
            }
        } catch {
            self.logger.error("an invitation cannot be made", metadata: ["reason": "\(error)"])
        }
        throw Refusal(.error, "no invitation can be made at the moment, try again later")
    }

    /// A new code; the newest of those that a member has, where these are many. Nil where it has to be tried again.
    private func code(by inviter: PublicKey, now: Int64) async throws -> String? {
        let record = try await self.readers.next.record(inviter.hex, in: OpenInvitations.section)
        var open = OpenInvitations(inviter, record)
        let ended = open.removeEnded(by: now)
        if open.isFull {
            // Some may have been used.
            for code in open.codes
            where try await self.readers.next.record(code.code, in: Invitation.section) == nil {
                open.codes.removeAll { $0 == code }
            }
        }
        if open.isFull, let newest = open.codes.last { return newest.code }
        let until = now + Self.invitationSeconds
        let invitation = Invitation(until: until, by: inviter)
        open.codes.append(OpenInvitations.Code(code: invitation.code, until: until))
        let changes =
            [invitation.change(if: .absent), open.change(after: record)]
            + ended.map { RecordChange(.erase, section: Invitation.section, key: $0.code) }
        guard case .applied = try await self.writer.apply(changes) else { return nil }
        return invitation.code
    }

    /// Forgets invitations that have ended, and who asked for them.
    func sweep() async throws {
        let now = self.clock.now()
        try await self.erase(from: Invitation.section) { record in Invitation(record)?.hasEnded(by: now) ?? true }
        try await self.erase(from: OpenInvitations.section) { record in
            guard let inviter = PublicKey(hex: record.key) else { return true }
            var open = OpenInvitations(inviter, record)
            _ = open.removeEnded(by: now)
            return open.codes.isEmpty
        }
    }

    private func erase(from section: String, where isDone: (Record) -> Bool) async throws {
        var last: Int64 = 0
        while true {
            let records = try await self.readers.next.records(in: section, after: last, atMost: Self.recordsAtOnce)
            let changes = records.filter(isDone).map {
                RecordChange(.erase, section: section, key: $0.key, if: .revision($0.revision))
            }
            // Whatever was changed meanwhile waits for the next time, and the others with it.
            if !changes.isEmpty { _ = try await self.writer.apply(changes) }
            guard records.count == Self.recordsAtOnce, let next = records.last else { return }
            last = next.revision
        }
    }
}
