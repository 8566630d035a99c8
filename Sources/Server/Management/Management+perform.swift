import Actors
import Backends
import Logging
import Nostr

extension Management {
    private static let mostKinds = 1_000
    private static let attempts = 5
    private static let mostAddresses = 10_000

    /// Carries a request out; what it changes is durable and in force on this node when this returns.
    func perform(_ request: ManagementRequest, by admin: HTTPAuthorization) async throws -> JSONValue {
        let call = try ManagementCall(request)
        if let answer = try await self.answer(to: call) { return answer }
        for _ in 0..<Self.attempts {
            let refusal: ManagementError?
            var changes: [RecordChange] = []
            do {
                changes = try await self.memberChange(for: call).map { [$0] } ?? self.changes(for: call, by: admin)
                refusal = nil
            } catch let error as ManagementError {
                refusal = error
            }
            let result = refusal?.description ?? Audit.done
            let entry = Audit.entry(request, by: admin.pubkey, result: result, now: self.clock.now())
            changes.append(RecordChange(.put(entry), section: Audit.section, key: admin.id.hex))
            // What was looked at may have been changed since.
            guard case .applied = try await self.writer.apply(changes) else { continue }
            if let refusal { throw refusal }
            self.logger.notice(
                "an admin has changed something",
                metadata: ["admin": "\(admin.pubkey)", "method": "\(request.method)"]
            )
            try await self.refresh()
            return .bool(true)
        }
        throw ManagementError("somebody else is changing the same at this moment, try again")
    }

    /// What a call that changes something writes.
    private func changes(for call: ManagementCall, by admin: HTTPAuthorization) throws(ManagementError)
        -> [RecordChange]
    {
        switch call {
        case .banPubkey(let key, let reason):
            guard !self.enforcement.settings.current.admins.contains(key) else {
                throw ManagementError("this key is an admin's, which the configuration says")
            }
            guard key != self.enforcement.settings.relayKey else {
                throw ManagementError("this key is the relay's own")
            }
            return [self.put(.bannedPubkey, key.hex, reason, by: admin)]
        case .unbanPubkey(let key): return [Self.strike(.bannedPubkey, key.hex)]
        case .allowEvent(let id, let reason):
            return [
                self.put(.allowedEvent, id.hex, reason, by: admin), Self.strike(.bannedEvent, id.hex),
                Self.strike(.reportedEvent, id.hex),
            ]
        case .banEvent(let id, let reason):
            return [
                self.put(.bannedEvent, id.hex, reason, by: admin), Self.strike(.allowedEvent, id.hex),
                Self.strike(.reportedEvent, id.hex),
            ]
        case .changeInformation(let field, ""): return [Self.strike(.information, field.rawValue)]
        case .changeInformation(let field, let text):
            return [Self.put(.information, field.rawValue, ["text": .string(text)])]
        case .setKind(let kind, let isAllowed):
            guard self.state.kinds[kind] != nil || self.state.kinds.count < Self.mostKinds else {
                throw ManagementError(
                    "\(Self.mostKinds) kinds are decided on already; use events.kinds of the configuration"
                )
            }
            return [Self.put(.kind, String(kind), ["allowed": .bool(isAllowed)])]
        case .blockIP(let network, let reason):
            guard self.state.blockedAddresses.count < Self.mostAddresses else {
                throw ManagementError("\(Self.mostAddresses) addresses are blocked already; block networks instead")
            }
            return [self.put(.blockedAddress, network.description, reason, by: admin)]
        case .unblockIP(let network): return [Self.strike(.blockedAddress, network.description)]
        default: return []
        }
    }

    private func put(
        _ section: ManagementState.Section,
        _ key: String,
        _ reason: String,
        by admin: HTTPAuthorization
    ) -> RecordChange {
        let now = self.clock.now()
        return Self.put(section, key, ["reason": .string(reason), "by": .string(admin.pubkey.hex), "at": .number(now)])
    }

    static func put(
        _ section: ManagementState.Section,
        _ key: String,
        _ members: [String: JSONValue],
        if condition: RecordChange.Condition = .none
    ) -> RecordChange {
        RecordChange(.put(JSONValue.object(members).json), section: section.rawValue, key: key, if: condition)
    }

    static func strike(_ section: ManagementState.Section, _ key: String) -> RecordChange {
        RecordChange(.strike, section: section.rawValue, key: key)
    }
}
