import Actors
import Backends
import Nostr

extension Management {
    /// The answer to a call that changes nothing; nil for one that does.
    func answer(to call: ManagementCall) async throws(StorageError) -> JSONValue? {
        switch call {
        case .listMethods: return .array(ManagementCall.otherMethods.map { .string($0) })
        case .listBannedPubkeys, .listBannedEvents, .listAllowedEvents, .listBlockedIPs, .listAllowedKinds,
            .listDisallowedKinds:
            try await self.refresh()
            return self.list(call)
        case .listAllowedPubkeys: return Self.list(try await self.allowedPubkeys(), as: "pubkey", \.hex)
        case .listEventsNeedingModeration:
            try await self.refresh()
            return Self.list(try await self.eventsNeedingModeration(), as: "id", \.hex)
        default: return nil
        }
    }

    private func list(_ call: ManagementCall) -> JSONValue? {
        switch call {
        case .listBannedPubkeys: return Self.list(self.state.bannedPubkeys, as: "pubkey", \.hex)
        case .listBannedEvents: return Self.list(self.state.bannedEvents, as: "id", \.hex)
        case .listAllowedEvents: return Self.list(self.state.allowedEvents, as: "id", \.hex)
        case .listBlockedIPs: return Self.list(self.state.blockedAddresses, as: "ip", \.description)
        case .listAllowedKinds: return self.kinds.allowed
        case .listDisallowedKinds: return self.kinds.disallowed
        default: return nil
        }
    }

    private static func list<Key>(
        _ entries: [Key: String],
        as name: String,
        _ text: (Key) -> String
    ) -> JSONValue {
        let entries = entries.map { (key: text($0.key), reason: $0.value) }.sorted { $0.key < $1.key }
        return .array(entries.map { .object([name: .string($0.key), "reason": .string($0.reason)]) })
    }

    /// The kinds that are taken, and those that are not, as far as either is a list: where the configuration takes all
    /// kinds, what an admin has allowed is the list.
    private var kinds: (allowed: JSONValue, disallowed: JSONValue) {
        let events = self.enforcement.settings.configuration.events
        let (allowed, denied) = self.state.applied(to: events.allowedKinds, events.deniedKinds)
        let isOpen = events.allowedKinds == .all
        let named = self.state.kinds.filter(\.value).map { $0.key...$0.key }
        let taken = (isOpen ? KindSet(named) : allowed).subtracting(denied.ranges)
        return (Self.numbers(taken), Self.numbers(denied))
    }

    private static func numbers(_ kinds: KindSet) -> JSONValue {
        .array(kinds.ranges.flatMap { range in range.map { .number($0) } })
    }
}
