import Actors
import Backends
import Logging
import Nostr

extension Membership {
    /// Seconds that a request may be from now.
    private static let freshSeconds: Int64 = 300
    private static let attempts = 20

    /// Requests are judged one after the other, so that of one node's none takes what another is about to take.
    func answer(_ request: Event) async -> MembershipReply {
        let before = self.lastRequest
        let judgement = Task {
            await before?.value
            return await self.judge(request)
        }
        self.lastRequest = Task { _ = await judgement.value }
        return await judgement.value
    }

    private func judge(_ request: Event) async -> MembershipReply {
        do {
            let now = self.clock.now()
            guard request.createdAt >= now - Self.freshSeconds, request.createdAt <= now + Self.freshSeconds else {
                return .restricted("created_at is more than five minutes from now.")
            }
            // Whoever came or went between the look and the change, by another node, is looked at again.
            for _ in 0..<Self.attempts {
                // Another node may have let somebody in, or go, that this one has not noticed yet.
                try await self.refresh()
                let isJoining = request.kind == .joinRequest
                let reply = try await isJoining ? self.join(request, now: now) : self.leave(request, now: now)
                if let reply { return reply }
            }
            return .refused(Refusal(.error, "too many ask for the same at this moment, try again"))
        } catch {
            self.logger.error("a request for membership failed", metadata: ["reason": "\(error)"])
            return .refused(Refusal(.error, "the relay's database does not answer, try again later"))
        }
    }

    /// Nil where it has to be tried again.
    private func join(_ request: Event, now: Int64) async throws -> MembershipReply? {
        guard let code = request.firstValue(ofTag: "claim"), !code.isEmpty else {
            return .restricted("a request to join has a claim tag with an invite code.")
        }
        guard !self.isMember(request.pubkey, at: now) else { return .alreadyMember }
        guard Invitation.isCode(code), let record = try await self.readers.next.record(code, in: Invitation.section),
            let invitation = Invitation(record), self.mayStillInvite(invitation.inviter, at: now)
        else { return .restricted("that is an invalid invite code.") }
        guard !invitation.hasEnded(by: now) else { return .restricted("that invite code is expired.") }
        let member = try await self.readers.next.record(request.pubkey.hex, in: MemberRecord.section)
        if let standing = member.flatMap({ MemberRecord($0) }), now < standing.until ?? .max { return nil }
        let note = invitation.inviter.map { "invited by \($0.npub)" } ?? "invited"
        let condition = member.map { RecordChange.Condition.revision($0.revision) } ?? .absent
        let changes = [
            invitation.use(readAt: record.revision),
            MemberRecord(request.pubkey, since: now, note: note).change(if: condition),
        ]
        guard case .applied = try await self.writer.apply(changes) else { return nil }
        try await self.refresh()
        let relay = self.settings.configuration.publicURL ?? "this relay"
        return .accepted("info: welcome to \(relay)!")
    }

    /// Nil where it has to be tried again.
    private func leave(_ request: Event, now: Int64) async throws -> MembershipReply? {
        guard request.isProtected else {
            return .restricted("a request to leave has the tag of a protected event (NIP-70).")
        }
        guard !self.settings.configuration.access.members.contains(request.pubkey) else {
            return .restricted("the relay's configuration names you as a member.")
        }
        guard let record = try await self.readers.next.record(request.pubkey.hex, in: MemberRecord.section),
            let member = MemberRecord(record), now < member.until ?? .max
        else { return .restricted("you are not a member of this relay.") }
        let change = RecordChange(
            .strike,
            section: MemberRecord.section,
            key: request.pubkey.hex,
            if: .revision(record.revision)
        )
        guard case .applied = try await self.writer.apply([change]) else { return nil }
        try await self.refresh()
        return .accepted("info: you are no longer a member of this relay.")
    }

    private func isMember(_ key: PublicKey, at now: Int64) -> Bool {
        self.settings.current.policy.members.account(of: key, at: now) != nil
    }

    /// Whether somebody may let others in.
    func mayInvite(_ key: PublicKey, at now: Int64) -> Bool {
        let settings = self.settings.current
        guard !settings.policy.moderation.bannedKeys.contains(key) else { return false }
        return settings.policy.members.account(of: key, at: now) != nil || settings.admins.contains(key)
    }

    /// What a member has handed out is worth nothing when they are one no longer.
    private func mayStillInvite(_ inviter: PublicKey?, at now: Int64) -> Bool {
        inviter.map { self.mayInvite($0, at: now) } ?? true
    }
}

extension MembershipReply {
    fileprivate static let alreadyMember = Self.accepted("duplicate: you are already a member of this relay.")

    fileprivate static func restricted(_ sentence: String) -> MembershipReply {
        .refused(Refusal(.restricted, sentence))
    }
}
