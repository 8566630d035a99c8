import Nostr

/// How far the client has proven its key to another relay (NIP-42): a value that is told what comes and says what to
/// send.
struct PeerAuthentication: Sendable {
    /// Nil where there is no key to prove.
    private let keys: KeyPair?
    private let url: String
    private(set) var state = State.unasked

    enum State: Sendable, Equatable {
        /// Exits to `sent`, or to `challenged` where there is no key.
        case unasked
        case challenged
        /// Waits for the OK to this event. Exits to `accepted` and `refused`; a new challenge begins anew.
        case sent(EventID)
        case accepted
        case refused(text: String)
    }

    init(keys: KeyPair?, url: String) {
        self.keys = keys
        self.url = url
    }

    /// Whether there is a key, and nothing yet to answer with it.
    var awaitsChallenge: Bool { self.keys != nil && self.state == .unasked }

    /// Whether no OK is awaited.
    var isSettled: Bool {
        if case .sent = self.state { false } else { true }
    }

    /// Takes a challenge; returns the event that answers it.
    ///
    /// - Parameter now: seconds since 1970.
    mutating func challenged(_ challenge: String, now: Int64) -> Event? {
        guard let keys, let event = keys.authentication(challenge: challenge, relay: self.url, now: now) else {
            self.state = .challenged
            return nil
        }
        self.state = .sent(event.id)
        return event
    }

    /// Whether an OK answers the authentication, which it then ends.
    mutating func answered(_ id: EventID, isAccepted: Bool, text: String) -> Bool {
        guard self.state == .sent(id) else { return false }
        self.state = isAccepted ? .accepted : .refused(text: text)
        return true
    }

    /// Why an `auth-required:` cannot be met; nil where the key is accepted, or on its way.
    func obstacle(_ text: String) -> PeerFailure? {
        switch self.state {
        case .sent, .accepted: nil
        case .refused(let reason): .keyRefused(text: reason)
        case .unasked, .challenged: .needsKey(text: text)
        }
    }
}
