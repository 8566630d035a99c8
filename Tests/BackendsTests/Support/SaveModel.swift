import Backends
import Nostr

/// What stays stored by NIP-01 and NIP-09, over a plain array; written to be obviously right and not to be fast.
struct SaveModel {
    enum Outcome { case stored, duplicate, superseded, deleted, vanished, failed }

    private(set) var stored: [Event] = []
    /// Every deletion request that was ever stored.
    private var requests: [Event] = []
    /// Every request to vanish that was ever stored.
    private var farewells: [Event] = []

    mutating func save(_ event: Event) -> Outcome {
        if self.farewells.contains(where: { Self.hides($0, event) }) { return .vanished }
        if self.stored.contains(where: { $0.id == event.id }) { return .duplicate }
        if self.requests.contains(where: { Self.deletes($0, event) }) { return .deleted }
        if let address = event.address, let rival = self.stored.first(where: { $0.address == address }) {
            let isNewer =
                event.createdAt > rival.createdAt
                || event.createdAt == rival.createdAt && event.id.hex < rival.id.hex
            guard isNewer else { return .superseded }
            self.remove(rival.id)
        }
        if event.kind == 5 {
            self.stored.removeAll { Self.deletes(event, $0) }
            self.requests.append(event)
        }
        if event.kind == 62 {
            self.stored.removeAll { Self.hides(event, $0) }
            self.farewells.append(event)
        }
        self.stored.append(event)
        return .stored
    }

    mutating func remove(_ id: EventID) { self.stored.removeAll { $0.id == id } }

    /// Whether an event goes with a request to vanish.
    private static func hides(_ farewell: Event, _ event: Event) -> Bool {
        guard event.kind != 62, event.createdAt <= farewell.createdAt else { return false }
        let isWrap = event.kind == 1059 && event.tags.contains { $0.starts(with: ["p", farewell.pubkey.hex]) }
        return event.pubkey == farewell.pubkey || isWrap
    }

    /// Whether a request names an event that it may delete.
    private static func deletes(_ request: Event, _ event: Event) -> Bool {
        let recipients = event.kind == 1059 ? event.tags.filter { $0[0] == "p" && $0.count > 1 }.map { $0[1] } : []
        guard request.pubkey == event.pubkey || recipients.contains(request.pubkey.hex), event.kind != 5,
            event.kind != 62
        else {
            return false
        }
        return request.tags.contains { tag in
            guard tag.count >= 2 else { return false }
            if tag[0] == "e" { return tag[1] == event.id.hex }
            guard tag[0] == "a", event.createdAt <= request.createdAt, event.address != nil else { return false }
            let identifier =
                event.kind.retention == .addressable
                ? event.tags.first { $0[0] == "d" }.map { $0.count > 1 ? $0[1] : "" } ?? "" : ""
            return tag[1] == "\(event.kind):\(event.pubkey):\(identifier)"
        }
    }
}

extension SaveOutcome {
    /// The outcome without its position.
    var plain: SaveModel.Outcome {
        switch self {
        case .stored: .stored
        case .duplicate: .duplicate
        case .superseded: .superseded
        case .deleted: .deleted
        case .vanished: .vanished
        case .failed: .failed
        }
    }
}
