import Backends
import NIOCore
import Nostr

/// Reconciliations (NIP-77). Records are looked up, and messages answered, beside the event loop.
extension Connection {
    func handle(_ request: NegentropyRequest) {
        switch request {
        case .open(let id, let filter, let message): self.reconcile(id, filter, message)
        case .message(let id, let message): self.reconcileFurther(id, message)
        case .close(let id): self.endNegentropy(id)
        }
    }

    /// Answers what is not acted upon: whatever was open under this id is not any more.
    func refuse(_ request: NegentropyRequest, _ refusal: Refusal) {
        if case .close(let id) = request { return self.endNegentropy(id) }
        self.refuseNegentropy(request.id, refusal)
    }

    /// Answers NEG-ERR, after which the session is gone.
    func refuseNegentropy(_ id: SubscriptionID, _ refusal: Refusal, cap: Int? = nil) {
        self.endNegentropy(id)
        self.send(.negentropyError(id, refusal, cap: cap))
    }

    /// Opens a session; one of the same id ends.
    private func reconcile(_ id: SubscriptionID, _ filter: Filter, _ message: [UInt8]) {
        self.endNegentropy(id)
        if let refusal = self.refusal(toReconcile: filter) { return self.refuseNegentropy(id, refusal) }
        let session = NegentropySession(id, readership: self.readership, uptime: self.context.clock.uptime())
        self.negentropy.add(session)
        self.context.metrics.activeNegentropySessions.add()
        self.negentropy.waiting.append((session, filter, message))
        self.loadNext()
    }

    /// Why a session is not opened, or nil where it is.
    private func refusal(toReconcile filter: Filter) -> Refusal? {
        let limits = self.policy.limits.negentropy
        guard limits.isEnabled else { return Refusal(.blocked, "this relay does not reconcile") }
        if let refusal = self.readRefusal(of: [filter]) { return refusal }
        if self.negentropy.count >= limits.openSessions {
            return Refusal(.rateLimited, "\(limits.openSessions) reconciliations are open, close one first")
        }
        if self.context.metrics.activeNegentropySessions.value >= limits.sessions {
            return Refusal(.rateLimited, "too many reconciliations are open, try again later")
        }
        return nil
    }

    /// Looks up the records of the session that has waited longest; one at a time, so that a client that opens many does
    /// not take the database from others.
    private func loadNext() {
        guard !self.negentropy.isLoading, !self.negentropy.waiting.isEmpty else { return }
        let (session, filter, message) = self.negentropy.waiting.removeFirst()
        self.negentropy.isLoading = true
        session.task = Task {
            await self.load(session, filter, message)
            self.negentropy.isLoading = false
            self.loadNext()
        }
    }

    private func load(_ session: NegentropySession, _ filter: Filter, _ message: [UInt8]) async {
        let limits = self.policy.limits.negentropy
        let lease = RecordLease(of: self.context.metrics.negentropyRecords, maximum: limits.allRecords)
        let records = NegentropyRecords(
            readers: self.context.readers,
            index: self.context.negentropy,
            readership: session.readership,
            limits: limits,
            lease: lease,
            clock: self.context.clock
        )
        do {
            let found = try await records.matching(filter)
            guard self.negentropy.contains(session) else { return }
            session.lease = lease
            await self.answer(message, of: session, with: Negentropy(found, frameBytes: Limits.Negentropy.frameBytes))
        } catch {
            guard self.negentropy.contains(session) else { return }
            switch error {
            case .cancelled: return
            case .refused(let refusal): self.refuseNegentropy(session.id, refusal)
            case .tooMany:
                let refusal = Refusal(.blocked, "this query is too big, \(limits.records) events are the most")
                self.refuseNegentropy(session.id, refusal, cap: limits.records)
            }
            self.flush()
        }
    }

    /// Answers a further message.
    private func reconcileFurther(_ id: SubscriptionID, _ message: [UInt8]) {
        guard let session = self.negentropy[id] else {
            return self.refuseNegentropy(id, Refusal(.closed, "nothing is open under this id"))
        }
        guard case .idle(let side) = session.state else {
            return self.refuseNegentropy(id, Refusal(.invalid, "the last message is not answered yet"))
        }
        guard session.readership == self.readership else {
            return self.refuseNegentropy(id, Refusal(.closed, "what you may read has changed, open it anew"))
        }
        session.state = .answering
        session.task = Task { await self.answer(message, of: session, with: side) }
    }

    private func answer(
        _ message: [UInt8],
        of session: NegentropySession,
        with side: Negentropy<NegentropySnapshot>
    ) async {
        session.state = .answering
        let answer = await Self.answer(to: message, of: side)
        guard self.state == .open, self.negentropy.contains(session) else { return }
        guard session.readership == self.readership else {
            self.refuseNegentropy(session.id, Refusal(.closed, "what you may read has changed, open it anew"))
            return self.flush()
        }
        session.usedAt = self.context.clock.uptime()
        session.state = .idle(side)
        switch answer {
        case .success(let answer): self.send(.negentropyMessage(session.id, answer))
        case .failure(let error): self.refuseNegentropy(session.id, Refusal(.invalid, "\(error)"))
        }
        self.flush()
    }

    @concurrent
    private static func answer(
        to message: [UInt8],
        of side: Negentropy<NegentropySnapshot>
    ) async -> Result<[UInt8], NegentropyError> {
        do {
            return .success(try side.respond(to: message))
        } catch {
            return .failure(error)
        }
    }

    /// Ends a session, without a word.
    private func endNegentropy(_ id: SubscriptionID) {
        guard self.negentropy.remove(id) != nil else { return }
        self.context.metrics.activeNegentropySessions.add(-1)
    }

    /// Ends all sessions: the connection is closed.
    func endNegentropies() {
        for id in self.negentropy.open.keys { self.endNegentropy(id) }
    }

    /// Ends the sessions that nobody has used for a while, or that have been open for too long; called every ping
    /// interval.
    func expireNegentropies() {
        guard !self.negentropy.isEmpty else { return }
        let now = self.context.clock.uptime()
        let limits = self.policy.limits.negentropy
        for session in self.negentropy.open.values {
            guard case .idle = session.state else { continue }
            if now - session.usedAt > limits.idleNanoseconds {
                self.refuseNegentropy(session.id, Refusal(.closed, "you took too long to respond"))
            } else if now - session.openedAt > Limits.Negentropy.lifeNanoseconds {
                self.refuseNegentropy(session.id, Refusal(.closed, "this has been open for too long, open it anew"))
            }
        }
        self.flush()
    }
}
