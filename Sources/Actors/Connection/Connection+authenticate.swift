import Nostr

/// Proofs that a client holds keys (NIP-42).
extension Connection {
    /// Keys that one connection may prove to hold, and AUTH messages that it may send.
    private static let most = (keys: 32, attempts: 128)

    /// Sends the challenge with which the connection begins, where there is anything to prove.
    func sendChallenge() {
        guard self.policy.access.relay != nil else { return }
        let challenge = Challenge()
        self.challenge = challenge
        self.send(.challenge(challenge.text))
        self.flush()
    }

    /// Sends the challenge once more before the first refusal that it would have averted.
    func remindOfChallenge(_ refusal: Refusal) {
        guard refusal.prefix == .authRequired, self.policy.access.relay != nil, self.challenge?.isRepeated != true
        else { return }
        // A reload may have brought the relay its URL after the connection was opened.
        var challenge = self.challenge ?? Challenge()
        challenge.isRepeated = true
        self.challenge = challenge
        self.send(.challenge(challenge.text))
    }

    /// Takes a proof. It is checked here and now, so that what the client sends behind it is judged by it.
    func authenticate(_ event: Event) {
        self.authenticationAttempts += 1
        if let refusal = self.refusal(ofProof: event) {
            self.context.metrics.authentications.add(.refused)
            return self.refuse(event, refusal)
        }
        self.context.metrics.authentications.add(.accepted)
        self.readership.keys.insert(event.pubkey)
        self.renewReadership()
        self.send(.ok(event.id, accepted: true, text: ""))
    }

    private func refusal(ofProof event: Event) -> Refusal? {
        guard let relay = self.policy.access.relay else {
            return Refusal(.unsupported, "this relay has no public URL that a proof could name")
        }
        guard self.authenticationAttempts <= Self.most.attempts else {
            return Refusal(.rateLimited, "too many AUTH messages on one connection")
        }
        guard self.readership.keys.contains(event.pubkey) || self.readership.keys.count < Self.most.keys else {
            return Refusal(.rateLimited, "a connection authenticates \(Self.most.keys) keys at most")
        }
        let now = self.context.clock.now()
        let challenge = self.challenge?.text ?? ""
        if let fault = Authentication.fault(in: event, challenge: challenge, relay: relay, now: now) {
            return Refusal(.invalid, fault)
        }
        guard event.hasValidSignature else { return Refusal(.invalid, "the signature is not the author's") }
        guard !self.policy.moderation.bannedKeys.contains(event.pubkey) else {
            return Refusal(.blocked, "the key is banned from this relay")
        }
        return nil
    }

    /// Asks anew who reads: a proof, the policy in force, who is a member, or the time may have changed it.
    func renewReadership() {
        let wasAdmitted = self.readership.isAdmitted
        self.readership.privateKinds = self.policy.privateKinds
        self.readership.keys.subtract(self.policy.moderation.bannedKeys)
        self.readership.isAdmitted = self.policy.access.admits(
            self.readership.keys,
            self.policy.members,
            now: self.context.clock.now()
        )
        guard wasAdmitted, !self.readership.isAdmitted, self.state == .open else { return }
        // Nobody who may not read any more is left waiting for events.
        for (id, key) in self.keys {
            guard let filters = self.subscriptions[key]?.filters else { continue }
            let refusal = self.policy.access.refusal(ofReading: filters, by: self.readership)
            self.unsubscribe(id)
            self.send(.closed(id, refusal ?? Refusal(.restricted, "you may not read here any more")))
        }
        self.flush()
    }
}
