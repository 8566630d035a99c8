import Nostr

/// The events by which the relay tells who its members are (NIP-43).
enum MemberList {
    /// People of whom it is told one by one that they came or went; of more at once only the list tells.
    private static let mostTold = 200

    /// What is published when the members change; nothing where the last list is right.
    ///
    /// - Parameters:
    ///   - last: the list that was published last.
    ///   - members: in ascending order.
    static func events(
        from last: Event?,
        to members: [PublicKey],
        by key: KeyPair,
        now: Int64
    ) throws(RelayKeyError) -> [Event] {
        let known = Set(
            (last?.tags ?? []).filter { $0[0] == "member" && $0.count > 1 }.compactMap { PublicKey(hex: $0[1]) }
        )
        let current = Set(members)
        guard last == nil || known != current else { return [] }
        let added = members.filter { !known.contains($0) }
        let removed = known.subtracting(current).sorted()
        var events: [Event] = []
        // Whoever was a member before the first list did not come with it.
        if last != nil, added.count + removed.count <= Self.mostTold {
            for member in added { events.append(try Self.event(.memberAdded, [["p", member.hex]], by: key, at: now)) }
            for member in removed {
                events.append(try Self.event(.memberRemoved, [["p", member.hex]], by: key, at: now))
            }
        }
        // Later than the one that it replaces, also within a second of it.
        let createdAt = max(now, (last?.createdAt ?? 0) + 1)
        events.append(try Self.event(.memberList, members.map { ["member", $0.hex] }, by: key, at: createdAt))
        return events
    }

    /// An event of the relay's own, which nobody else may publish (NIP-70).
    static func event(
        _ kind: Kind,
        _ tags: [[String]],
        by key: KeyPair,
        at createdAt: Int64
    ) throws(RelayKeyError) -> Event {
        guard let event = Event.signed(by: key, kind: kind, tags: [["-"]] + tags, createdAt: createdAt) else {
            throw RelayKeyError("the relay's key does not sign")
        }
        return event
    }
}
