import Actors
import Nostr

/// Decides about one line what can be decided without the database.
struct ImportJudge: Sendable {
    /// Whether signatures are checked.
    let verifies: Bool
    /// The operator's limits, where they count too.
    let policy: Policy?
    /// The relay's public address: requests to vanish from other relays are not for it.
    let relay: RelayURL?
    /// Seconds since 1970.
    let now: Int64
    private var checker = SignatureChecker(maximumKeys: 4_000)

    init(verifies: Bool, policy: Policy?, relay: RelayURL? = nil, now: Int64) {
        self.verifies = verifies
        self.policy = policy
        self.relay = relay
        self.now = now
    }

    enum Verdict: Sendable {
        case event(Event)
        case expired
        case neverStored
        case rejected(reason: String)
    }

    mutating func judge(_ line: LineReader.Line) -> Verdict {
        guard case .text(let bytes) = line else {
            return .rejected(reason: "the line is longer than \(LineReader.maximumLineBytes) bytes")
        }
        let event: Event
        do {
            event = try Event(parsing: bytes.span)
        } catch {
            // An id to answer with shows that it was JSON; where it breaks off is no reason of its own.
            return .rejected(reason: error.isMalformedJSON ? "the line is not an event in JSON" : error.text)
        }
        return self.judge(event)
    }

    mutating func judge(_ event: Event) -> Verdict {
        if self.verifies, !self.checker.isValid(event) {
            return .rejected(reason: "the signature is not the author's")
        }
        if event.kind == .authentication || event.kind.retention == .ephemeral { return .neverStored }
        if let expiresAt = event.expiresAt, expiresAt <= self.now { return .expired }
        if let refusal = event.vanishRefusal(at: self.relay) { return .rejected(reason: refusal.text) }
        if let refusal = self.policy?.refusal(of: event, now: self.now) { return .rejected(reason: refusal.text) }
        return .event(event)
    }
}
