public import Nostr

/// Compares a set of events with another relay's, as the side that begins (NIP-77).
public struct Comparison {
    private let peer: Peer
    private let id: SubscriptionID
    /// Whether the relay has shown before that it compares: then an error is about the request, and not about NIP-77.
    private let isKnownToWork: Bool
    /// Messages of ours that the other side answered.
    public private(set) var roundTrips = 0
    /// Seconds for the first answer, in which the relay looks up its own events.
    private static let firstAnswerSeconds: Int64 = 30
    /// How long is waited before a relay is asked again that says that it has too much to do.
    private static let pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)]
    /// Bytes of one message before it is written in hex: what relays commonly take as a message.
    private static let frameBytes = 60_000

    public init(_ peer: Peer, number: Int, isKnownToWork: Bool) {
        self.peer = peer
        self.id = SubscriptionID("martlet-\(number)")
        self.isKnownToWork = isKnownToWork
    }

    public enum Outcome: Sendable {
        case found(Differences)
        /// The relay has more events than it compares at once.
        case tooMany(text: String)
    }

    /// Talks until everything is known.
    public mutating func run(_ filter: Filter, _ items: NegentropyVector) async throws(PeerFailure) -> Outcome {
        let side = Negentropy(items, frameBytes: Self.frameBytes)
        var differences = Differences()
        var hasAuthenticated = false
        var pauses = Self.pauses[...]
        try await self.open(filter, side)
        while true {
            switch try await self.answer() {
            case .message(let message):
                self.roundTrips += 1
                self.peer.progressed()
                let findings = try Self.reconcile(side, message)
                try differences.add(have: findings.have, need: findings.need)
                guard let answer = findings.answer else {
                    try await self.peer.send(ClientMessage.closeNegentropy(self.id))
                    return .found(differences)
                }
                try await self.peer.send(ClientMessage.negentropy(self.id, message: answer))
            case .refusal(let text, _) where text.hasPrefix("auth-required:") && !hasAuthenticated:
                hasAuthenticated = true
                try await self.peer.authenticate(text)
                try await self.open(filter, side)
            case .refusal(let text, _) where text.hasPrefix("rate-limited:") && !pauses.isEmpty:
                guard let pause = pauses.popFirst(), (try? await Task.sleep(for: pause)) != nil else { throw .stopped }
                try await self.open(filter, side)
            case .refusal(let text, let maximum) where self.isAboutSize(text, maximum):
                return .tooMany(text: ForeignText.shown(text))
            case .refusal(let text, _): throw self.failure(ForeignText.shown(text))
            case .silence:
                throw self.failure("no answer to NEG-OPEN" + (self.peer.lastNotice.map { ", but: \($0)" } ?? ""))
            }
        }
    }

    private func open(_ filter: Filter, _ side: Negentropy<NegentropyVector>) async throws(PeerFailure) {
        self.peer.progressed()
        try await self.peer.send(ClientMessage.openNegentropy(self.id, filter, message: side.initiate()))
    }

    private static func reconcile(
        _ side: Negentropy<NegentropyVector>,
        _ message: [UInt8]
    ) throws(PeerFailure) -> Negentropy<NegentropyVector>.Findings {
        do {
            return try side.reconcile(message)
        } catch {
            throw .negentropy(reason: error.description)
        }
    }

    private var isProven: Bool { self.isKnownToWork || self.roundTrips > 0 }

    private func failure(_ text: String) -> PeerFailure {
        self.isProven ? .negentropy(reason: text) : .noNegentropy(text: text)
    }

    /// Whether a refusal may be met by asking for less, and is not about comparing at all.
    private func isAboutSize(_ text: String, _ maximum: Int?) -> Bool {
        guard text.hasPrefix("blocked:") else { return false }
        let words = ["big", "large", "many", "much", "long", "less", "limit", "max", "record", "result", "exceed"]
        let text = text.lowercased()
        return self.isProven || maximum != nil || words.contains { text.contains($0) }
    }

    private enum Answer {
        case message([UInt8])
        case refusal(text: String, maximum: Int?)
        case silence
    }

    private func answer() async throws(PeerFailure) -> Answer {
        while true {
            let pause = self.isProven ? nil : Self.firstAnswerSeconds
            let answer: RelayAnswer?
            do {
                answer = try await self.peer.next(pause: pause)
            } catch .silent where !self.isProven {
                return .silence
            }
            switch answer {
            case .negentropy(self.id, let message): return .message(message)
            case .negentropyError(self.id, let text, let maximum): return .refusal(text: text, maximum: maximum)
            case .closed(self.id, let text): return .refusal(text: text, maximum: nil)
            case .notice(let text) where !self.isProven && Self.isComplaint(text):
                return .refusal(text: text, maximum: nil)
            case nil: return .silence
            default: break
            }
        }
    }

    /// Whether a notice says that the relay does not know what it was asked, and is no greeting.
    private static func isComplaint(_ text: String) -> Bool {
        let words = ["neg", "unknown", "unsupported", "unrecogni", "invalid", "bad msg", "error", "parse", "message"]
        let text = text.lowercased()
        return words.contains { text.contains($0) }
    }
}
