import Actors
import Backends
import Logging
import Nostr

extension Membership {
    /// Seconds that a request may be from now.
    private static let freshSeconds: Int64 = 300
    private static let attempts = 5

    func answer(_ request: Event) async -> MembershipReply {
        do {
            let now = self.clock.now()
            guard request.createdAt >= now - Self.freshSeconds, request.createdAt <= now + Self.freshSeconds else {
                return .refused("created_at is more than five minutes from now.")
            }
            // Whoever came or went between the look and the change is looked at again.
            for _ in 0..<Self.attempts {
                let isJoining = request.kind == .joinRequest
                let reply = try await isJoining ? self.join(request, now: now) : self.leave(request, now: now)
                if let reply { return reply }
            }
            return MembershipReply(
                isAccepted: false,
                text: "error: too many ask for the same at this moment, try again"
            )
        } catch {
            self.logger.error("a request for membership failed", metadata: ["reason": "\(error)"])
            return MembershipReply(
                isAccepted: false,
                text: "error: the relay's database does not answer, try again later"
            )
        }
    }

    /// Nil where it has to be tried again.
    private func join(_ request: Event, now: Int64) async throws -> MembershipReply? {
        guard let code = request.firstValue(ofTag: "claim"), !code.isEmpty else {
            return .refused("a request to join has a claim tag with an invite code.")
        }
        guard self.settings.current.policy.members.account(of: request.pubkey, at: now) == nil else {
            return MembershipReply(isAccepted: true, text: "duplicate: you are already a member of this relay.")
        }
        guard code.utf8.count <= 128, !code.utf8.contains(0),
            let record = try await self.readers.next.record(code, in: Invitation.section),
            let invitation = Invitation(record)
        else { return .refused("that is an invalid invite code.") }
        guard !invitation.hasEnded(by: now) else { return .refused("that invite code is expired.") }
        let member = try await self.readers.next.record(request.pubkey.hex, in: MemberRecord.section)
        if let standing = member.flatMap({ MemberRecord($0) }), now < standing.until ?? .max {
            try await self.refresh()
            return MembershipReply(isAccepted: true, text: "duplicate: you are already a member of this relay.")
        }
        let note = invitation.inviter.map { "invited by \($0.hex)" } ?? "invited"
        let condition = member.map { RecordChange.Condition.revision($0.revision) } ?? .absent
        let changes = [
            invitation.use(readAt: record.revision),
            MemberRecord(request.pubkey, since: now, note: note).change(if: condition),
        ]
        guard case .applied = try await self.writer.apply(changes) else { return nil }
        try await self.refresh()
        await self.look()
        let relay = self.settings.configuration.publicURL ?? "this relay"
        return MembershipReply(isAccepted: true, text: "info: welcome to \(relay)!")
    }

    /// Nil where it has to be tried again.
    private func leave(_ request: Event, now: Int64) async throws -> MembershipReply? {
        guard request.isProtected else {
            return .refused("a request to leave has the tag of a protected event (NIP-70).")
        }
        guard !self.settings.configuration.access.members.contains(request.pubkey) else {
            return .refused("the relay's configuration names you as a member.")
        }
        guard let record = try await self.readers.next.record(request.pubkey.hex, in: MemberRecord.section),
            let member = MemberRecord(record), now < member.until ?? .max
        else { return .refused("you are not a member of this relay.") }
        guard request.createdAt >= member.since else { return .refused("the request is older than your membership.") }
        let change = RecordChange(
            .strike,
            section: MemberRecord.section,
            key: request.pubkey.hex,
            if: .revision(record.revision)
        )
        guard case .applied = try await self.writer.apply([change]) else { return nil }
        try await self.refresh()
        await self.look()
        return MembershipReply(isAccepted: true, text: "info: you are no longer a member of this relay.")
    }
}

extension MembershipReply {
    fileprivate static func refused(_ sentence: String) -> MembershipReply {
        MembershipReply(isAccepted: false, text: Refusal(.restricted, sentence).description)
    }
}
