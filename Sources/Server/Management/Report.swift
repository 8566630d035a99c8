import Nostr

/// What a report says of other events (NIP-56).
struct Report: Equatable {
    /// The events that it names, and what is said against each.
    let reasons: [(id: EventID, reason: String)]
    /// Events that one report may name.
    private static let mostEvents = 10
    private static let longestReason = 500

    init(_ event: Event) {
        let content = event.content
        var reasons: [(id: EventID, reason: String)] = []
        for tag in event.tags where tag[0] == "e" && tag.count > 1 {
            guard reasons.count < Self.mostEvents else { break }
            guard let id = EventID(hex: tag[1]), !reasons.contains(where: { $0.id == id }) else { continue }
            let type = tag.count > 2 ? String(tag[2].prefix(30)) : ""
            let parts = [type, content].filter { !$0.isEmpty }
            reasons.append((id, String(parts.joined(separator: ": ").prefix(Self.longestReason))))
        }
        self.reasons = reasons
    }

    static func == (one: Self, other: Self) -> Bool { one.reasons.elementsEqual(other.reasons, by: ==) }
}
