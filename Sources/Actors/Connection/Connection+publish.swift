import Backends
import Logging
import NIOCore
import Nostr

extension Connection {
    /// Events in one batch to the verifier.
    private static let maximumBatchEvents = 256

    /// Whether so much is unanswered, or unread by the client, that the socket is not read: TCP pushes back.
    var isCongested: Bool {
        let limits = self.policy.limits.connections
        return self.arrivals.count + self.inFlight.events >= limits.unansweredEvents
            || self.arrivedBytes + self.inFlight.bytes >= limits.unansweredBytes
            || !self.channel.isWritable || self.backlog != nil
    }

    /// Starts to publish what has arrived, unless that is going on already.
    func startPublishing() {
        guard !self.isPublishing, !self.arrivals.isEmpty else { return }
        self.isPublishing = true
        Task { await self.publishArrivals() }
    }

    private func publishArrivals() async {
        while !self.arrivals.isEmpty {
            let batch = Array(self.arrivals.prefix(Self.maximumBatchEvents))
            self.arrivals.removeFirst(batch.count)
            let bytes = batch.reduce(0) { $0 + $1.json.count }
            self.arrivedBytes -= bytes
            self.inFlight = (batch.count, bytes)
            await self.publish(batch)
            self.inFlight = (0, 0)
            self.flush()
            self.resumeReading()
        }
        self.isPublishing = false
        self.reportIfSettled()
    }

    /// Tells the directory, which may be waiting to close the connection.
    func reportIfSettled() {
        guard self.isSettled else { return }
        self.context.directory.assumeIsolated { $0.settled(self) }
    }

    /// Verifies, saves and answers a batch; every event gets exactly one OK.
    ///
    /// An event whose outcome is known needs no second look at its signature. If nothing new stands before it in the
    /// batch, it is answered at once; otherwise the writer judges it in its turn, for what stands before it may delete
    /// it, or what supersedes it.
    private func publish(_ batch: [Event]) async {
        let started = self.context.clock.uptime()
        let foretold = await self.foretell(batch)
        let settled = foretold.prefix { $0 != nil }.count
        for (event, outcome) in zip(batch, foretold) {
            guard let outcome else { break }
            self.answer(event, outcome)
        }
        guard settled < batch.count else { return }
        let fresh = (settled..<batch.count).filter { foretold[$0] == nil }.map { batch[$0] }
        self.context.writer.expect(fresh.count)
        var validity = await self.context.verifier.verify(fresh)[...]
        self.context.writer.expect(-fresh.count)
        var ephemeral: [Event] = []
        var stored: [Event] = []
        var requests: [Event] = []
        for (event, outcome) in zip(batch[settled...], foretold[settled...]) {
            if outcome == nil, validity.popFirst() != true {
                self.refuse(event, Refusal(.invalid, "the signature is not the author's"))
            } else if let refusal = self.policy.moderation.refusal(of: event) {
                // Asked once more, right before the event is handed over: what a ban removes must not come after it.
                self.refuse(event, refusal)
            } else if self.isMembershipRequest(event) {
                requests.append(event)
            } else if event.kind.retention == .ephemeral {
                ephemeral.append(event)
            } else {
                stored.append(event)
            }
        }
        if !ephemeral.isEmpty {
            self.context.broadcast.send(Publication(ephemeral: ephemeral))
            self.context.announcer?.announce(ephemeral)
            for event in ephemeral { self.send(.ok(event.id, accepted: true, text: "")) }
        }
        if !stored.isEmpty { await self.save(stored, since: started) }
        if !requests.isEmpty { await self.answer(requests) }
    }

    /// What would become of each event of a batch if it were saved now; nil where that cannot be told, or its signature
    /// has to be checked first.
    ///
    /// What was stored or verified lately is only a hint; the answer comes from the database.
    private func foretell(_ batch: [Event]) async -> [SaveOutcome?] {
        var outcomes = [SaveOutcome?](repeating: nil, count: batch.count)
        let suspects = self.suspects(in: batch)
        guard !suspects.isEmpty, let standings = await self.standings(of: suspects.map { batch[$0] }) else {
            return outcomes
        }
        for (index, standing) in zip(suspects, standings) {
            switch standing {
            case .stored(let signature) where signature == batch[index].signature: outcomes[index] = .duplicate
            case .superseded where self.context.verifier.verified.contains(batch[index]): outcomes[index] = .superseded
            default: break
            }
        }
        return outcomes
    }

    /// Where those stand in a batch that may be stored or superseded.
    private func suspects(in batch: [Event]) -> [Int] {
        let verified = self.context.verifier.verified
        return self.context.registry.assumeIsolated { registry in
            batch.indices.filter { registry.isRecent(batch[$0].id) || verified.contains(batch[$0]) }
        }
    }

    private func standings(of events: [Event]) async -> [Standing?]? {
        if let standings = self.standingsAtOnce(of: events) { return standings }
        return try? await self.context.readers.next.standings(of: events)
    }

    private func standingsAtOnce(of events: [Event]) -> [Standing?]? {
        guard let reader = self.context.quickReader else { return nil }
        return reader.assumeIsolated { $0.standings(of: events) }
    }

    private func save(_ events: [Event], since started: Int) async {
        do {
            let outcomes = try await self.context.writer.save(events, since: started)
            for (event, outcome) in zip(events, outcomes) { self.answer(event, outcome) }
        } catch {
            for event in events { self.refuse(event, Refusal(.error, error.publicText)) }
        }
    }

    private func answer(_ event: Event, _ outcome: SaveOutcome) {
        switch outcome {
        case .stored:
            self.send(.ok(event.id, accepted: true, text: ""))
            if event.kind == .report { self.context.reports?.add(event) }
        case .duplicate: self.send(.ok(event.id, accepted: true, text: "duplicate: already have this event"))
        case .superseded: self.send(.ok(event.id, accepted: true, text: "duplicate: a newer version is stored"))
        case .failed: self.refuse(event, Refusal(.error, "the relay's database refuses the event"))
        case .vanished:
            let who = event.kind == .giftWrap ? "its author or its recipient has" : "its author has"
            self.refuse(event, Refusal(.blocked, "\(who) vanished from this relay"))
        case .deleted:
            let who = event.kind == .giftWrap ? "its author or its recipient" : "its author"
            self.refuse(event, Refusal(.blocked, "deleted by \(who)"))
        }
    }
}
