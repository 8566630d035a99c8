import Nostr

/// Joining and leaving (NIP-43), where the relay offers it.
extension Connection {
    /// Whether an event asks the relay itself for something: its author need not be a member, nor have logged in.
    func isMembershipRequest(_ event: Event) -> Bool {
        self.context.membership != nil && (event.kind == .joinRequest || event.kind == .leaveRequest)
    }

    /// Has requests answered that the signature of their author is under.
    func answer(_ requests: [Event]) async {
        guard let desk = self.context.membership else { return }
        for request in requests {
            let reply = await desk.answer(request)
            self.send(.ok(request.id, accepted: reply.isAccepted, text: reply.text))
        }
    }

    /// Opens a subscription. One that asks for an invitation gets it, made for it, as the first of its events.
    func request(_ id: SubscriptionID, _ filters: [Filter]) {
        guard let desk = self.context.membership, filters.contains(where: { $0.kinds?.contains(.invitation) == true }),
            !self.readership.keys.isEmpty, self.invitationsAsked.count < self.policy.limits.subscriptions.open
        else { return self.subscribe(id, filters) }
        self.unsubscribe(id)
        self.invitationNumber += 1
        let number = self.invitationNumber
        self.invitationsAsked[id] = number
        let keys = self.readership.keys
        Task {
            let invitation = await desk.invitation(for: keys)
            // It may have been closed, or replaced, while the invitation was being made.
            guard self.invitationsAsked[id] == number else { return }
            self.invitationsAsked[id] = nil
            self.subscribe(id, filters, beginningWith: invitation)
            self.flush()
        }
    }
}
