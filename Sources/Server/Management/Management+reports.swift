import Actors
import Backends
import Logging
import Nostr

extension Management {
    private static let mostReported = 1_000

    /// Puts what was reported into the queue, as far as it is stored here and nobody has decided about it.
    func queue(_ reports: [Event]) async throws(StorageError) {
        var reasons: [EventID: (reason: String, reporter: PublicKey)] = [:]
        for report in reports where self.state.moderation.refusal(of: report) == nil {
            for (id, reason) in Report(report).reasons
            where reasons[id] == nil && self.state.reportedEvents[id] == nil && self.state.allowedEvents[id] == nil
                && self.state.bannedEvents[id] == nil
            {
                reasons[id] = (reason, report.pubkey)
            }
        }
        guard !reasons.isEmpty else { return }
        guard self.state.reportedEvents.count < Self.mostReported else {
            self.logger.warning("the queue of reported events is full", metadata: ["events": "\(Self.mostReported)"])
            return
        }
        let stored = try await self.stored(Array(reasons.keys))
        var changes: [RecordChange] = []
        for id in stored.prefix(Self.mostReported - self.state.reportedEvents.count) {
            guard let (reason, reporter) = reasons[id] else { continue }
            let members: [String: JSONValue] = [
                "reason": .string(reason), "by": .string(reporter.hex), "at": .number(self.clock.now()),
            ]
            changes.append(Self.put(.reportedEvent, id.hex, members))
        }
        guard !changes.isEmpty else { return }
        _ = try await self.writer.apply(changes)
        try await self.refresh()
    }

    /// The reported events that are still there; the others leave the queue.
    func eventsNeedingModeration() async throws(StorageError) -> [EventID: String] {
        let reported = self.state.reportedEvents
        let stored = try await self.stored(Array(reported.keys))
        let gone = reported.keys.filter { !stored.contains($0) }
        if !gone.isEmpty {
            _ = try await self.writer.apply(gone.map { Self.strike(.reportedEvent, $0.hex) })
            try await self.refresh()
        }
        return reported.filter { stored.contains($0.key) }
    }

    /// Those of some events that are stored.
    private func stored(_ ids: [EventID]) async throws(StorageError) -> Set<EventID> {
        var filter = Filter()
        filter.ids = ids
        var query = StoredQuery([filter], readership: .operator, now: self.clock.now())
        var found: Set<EventID> = []
        while !query.isEmpty {
            let page: EventPage
            (page, query) = try await self.readers.next.nextPage(of: query)
            for index in 0..<page.count {
                if let id = Event.id(ofCanonical: page.json(index)) { found.insert(id) }
            }
            if page.isLast { break }
        }
        return found
    }
}
