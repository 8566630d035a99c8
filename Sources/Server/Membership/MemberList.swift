import Nostr

/// The events by which the relay tells who its members are (NIP-43).
struct MemberList: Sendable, Equatable {
    /// What is to be published: who went, who came, and the list.
    var events: [Event] = []
    /// Whether the list holds some of the members only; then nobody can tell by it who came or went.
    var isCut = false
    /// Whether nothing is left to be told after these events.
    var isComplete = true

    /// People of whom it is told at once that they came or went; the others follow with the next list.
    static let mostTold = 500

    /// Members that fit in a list that is no larger than what clients may publish.
    ///
    /// - Parameters:
    ///   - bytes: of an event.
    ///   - tags: of an event.
    static func capacity(bytes: Int, tags: Int) -> Int {
        // `["member","…"],` with its key, and the rest of the event.
        max(0, min(tags - 1, (bytes - 400) / 78))
    }

    /// What is published when the members change; no events where the last list is right.
    ///
    /// - Parameters:
    ///   - last: the list that was published last.
    ///   - wasCut: whether that one held some of the members only.
    ///   - capacity: members of a list.
    init(
        from last: Event?,
        wasCut: Bool = false,
        to members: Set<PublicKey>,
        by key: KeyPair,
        now: Int64,
        capacity: Int
    ) throws(RelayKeyError) {
        let known = last.map(Self.members)
        self.isCut = members.count > capacity
        var listed = Set(members.sorted().prefix(capacity))
        // Whoever was a member before the first list did not come with it.
        if let known, !wasCut, !self.isCut {
            let removed = known.subtracting(members).sorted().map { (Kind.memberRemoved, $0) }
            let added = members.subtracting(known).sorted().map { (Kind.memberAdded, $0) }
            let told = (removed + added).prefix(Self.mostTold)
            self.isComplete = told.count == removed.count + added.count
            listed = known
            for (kind, member) in told {
                self.events.append(try Self.event(kind, [["p", member.hex]], by: key, at: now))
                if kind == .memberAdded { listed.insert(member) } else { listed.remove(member) }
            }
        }
        guard known != listed || wasCut != self.isCut else { return }
        // Later than the one that it replaces.
        let createdAt = max(now, (last?.createdAt ?? -1) + 1)
        let tags = listed.sorted().map { ["member", $0.hex] }
        self.events.append(try Self.event(.memberList, tags, by: key, at: createdAt))
    }

    /// Whom a list names.
    static func members(of list: Event) -> Set<PublicKey> {
        Set(list.tags.filter { $0[0] == "member" && $0.count > 1 }.compactMap { PublicKey(hex: $0[1]) })
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
