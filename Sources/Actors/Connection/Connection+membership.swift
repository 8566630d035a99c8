import Nostr

/// Joining and leaving (NIP-43), where the relay offers it.
extension Connection {
    /// Invitations that one connection may wait for.
    private static let mostAsked = 4

    /// Whether an event asks the relay itself for something.
    func isMembershipRequest(_ event: Event) -> Bool {
        self.context.membership != nil && (event.kind == .joinRequest || event.kind == .leaveRequest)
    }

    /// Has requests answered that the signature of their author is under.
    func answer(_ requests: [Event]) async {
        guard let desk = self.context.membership else { return }
        for request in requests {
            switch await desk.answer(request) {
            case .accepted(let text): self.send(.ok(request.id, accepted: true, text: text))
            case .refused(let refusal): self.refuse(request, refusal)
            }
        }
    }

    /// Opens a subscription. One that asks for an invitation gets it, made for it, as the first of its events.
    func request(_ id: SubscriptionID, _ filters: [Filter]) {
        let now = self.context.clock.now()
        guard let desk = self.context.membership, let key = self.policy.access.relayKey,
            !self.readership.keys.isEmpty, filters.contains(where: { $0.asksForInvitation(by: key, at: now) })
        else { return self.subscribe(id, filters) }
        self.unsubscribe(id)
        if let refusal = self.refusal(of: filters) { return self.send(.closed(id, refusal)) }
        guard self.invitationsUnderWay < Self.mostAsked else {
            return self.send(.closed(id, Refusal(.rateLimited, "wait for the invitations that you have asked for")))
        }
        self.invitationNumber += 1
        let number = self.invitationNumber
        self.invitationsAsked[id] = number
        self.invitationsUnderWay += 1
        let keys = self.readership.keys
        Task {
            let answer: Result<Event?, Refusal>
            do throws(Refusal) { answer = .success(try await desk.invitation(for: keys)) } catch {
                answer = .failure(error)
            }
            self.invitationsUnderWay -= 1
            // It may have been closed, or replaced, while the invitation was being made.
            guard self.invitationsAsked[id] == number else { return }
            self.invitationsAsked[id] = nil
            switch answer {
            case .success(let invitation): self.subscribe(id, filters, beginningWith: invitation)
            case .failure(let refusal): self.send(.closed(id, refusal))
            }
            self.flush()
        }
    }
}
