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

    /// Those of a batch that may be stored already.
    private func suspects(in batch: [Event]) -> [Event] {
        self.context.registry.assumeIsolated { registry in batch.filter { registry.isRecent($0) } }
    }

    /// Verifies, saves and answers a batch; every event gets exactly one OK.
    ///
    /// An event that is known needs no second look at its signature. If nothing new stands before it in the batch, it
    /// is answered at once; otherwise the writer judges it in its turn, for what stands before it may delete it.
    private func publish(_ batch: [Event]) async {
        let started = self.context.clock.uptime()
        let known = await self.areKnown(batch)
        let unchanged = known.prefix { $0 }.count
        for event in batch[..<unchanged] { self.answer(event, .duplicate) }
        guard unchanged < batch.count else { return }
        let fresh = (unchanged..<batch.count).filter { !known[$0] }.map { batch[$0] }
        self.context.writer.expect(fresh.count)
        var validity = await self.context.verifier.verify(fresh)[...]
        self.context.writer.expect(-fresh.count)
        var ephemeral: [Event] = []
        var stored: [Event] = []
        for (event, isKnown) in zip(batch[unchanged...], known[unchanged...]) {
            if !isKnown, validity.popFirst() != true {
                self.refuse(event, Refusal(.invalid, "the signature is not the author's"))
            } else if event.kind.retention == .ephemeral {
                ephemeral.append(event)
            } else {
                stored.append(event)
            }
        }
        if !ephemeral.isEmpty {
            self.context.broadcast.send(Publication(ephemeral: ephemeral))
            for event in ephemeral { self.send(.ok(event.id, accepted: true, text: "")) }
        }
        if !stored.isEmpty { await self.save(stored, since: started) }
    }

    /// Whether each event of a batch is stored, signature and all.
    ///
    /// What was stored lately is only a hint; the answer comes from the database.
    private func areKnown(_ batch: [Event]) async -> [Bool] {
        let suspects = self.suspects(in: batch).map(\.id)
        guard !suspects.isEmpty, let known = await self.signatures(of: suspects) else {
            return [Bool](repeating: false, count: batch.count)
        }
        return batch.map { known[$0.id] == $0.signature }
    }

    private func signatures(of ids: [EventID]) async -> [EventID: Signature]? {
        if let known = self.signaturesAtOnce(of: ids) { return known }
        return try? await self.context.readers.next.signatures(of: ids)
    }

    private func signaturesAtOnce(of ids: [EventID]) -> [EventID: Signature]? {
        self.context.quickReader?.assumeIsolated { $0.signatures(of: ids) }
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
        case .stored: self.send(.ok(event.id, accepted: true, text: ""))
        case .duplicate: self.send(.ok(event.id, accepted: true, text: "duplicate: already have this event"))
        case .superseded: self.send(.ok(event.id, accepted: true, text: "duplicate: a newer version is stored"))
        case .deleted: self.refuse(event, Refusal(.blocked, "deleted by its author"))
        }
    }
}
