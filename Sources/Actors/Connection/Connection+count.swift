import Backends
import Logging
import NIOCore
import Nostr

extension Connection {
    /// Index entries and rows of one slice; the clock ends it before, as a rule.
    private static let sliceRows = 200_000

    /// Answers a COUNT (NIP-45): what is soon counted at once, the rest by the readers, in slices as long as a page.
    func count(_ id: SubscriptionID, _ filters: [Filter]) {
        if let refusal = self.refusal(ofCounting: filters) { return self.send(.closed(id, refusal)) }
        let count = self.newCount(of: filters)
        let rest = self.countAtOnce(count, values: filters.reduce(0) { $0 + $1.valueCount })
        guard !rest.isComplete else { return self.answer(id, rest) }
        self.openValues += filters.reduce(0) { $0 + $1.valueCount }
        self.counts.append(OpenCounts.Member(id: id, filters: filters), rest)
        self.startCounts()
    }

    /// Ends the counts of an id; nothing is sent for them.
    func endCounts(_ id: SubscriptionID) {
        for member in self.counts.close(id) { self.release(member) }
    }

    private func release(_ member: OpenCounts.Member) {
        self.openValues -= member.filters.reduce(0) { $0 + $1.valueCount }
    }

    /// Why nothing is counted, or nil where it is.
    private func refusal(ofCounting filters: [Filter]) -> Refusal? {
        let limits = self.policy.limits.subscriptions
        if self.counts.members.count >= limits.openCounts {
            return Refusal(.rateLimited, "\(limits.openCounts) counts are not answered yet, wait for them")
        }
        if self.openValues + filters.reduce(0, { $0 + $1.valueCount }) > limits.openValues {
            return Refusal(.rateLimited, "your requests ask for too many values, close one first")
        }
        // A search ranks the best that it finds, and looks no further.
        if filters.contains(where: { $0.search != nil }) {
            return Refusal(.unsupported, "what a search finds is not counted")
        }
        return self.readRefusal(of: filters)
    }

    private func newCount(of filters: [Filter]) -> StoredCount {
        StoredCount(filters, readership: self.readership, now: self.context.clock.now())
    }

    /// Counts as much as can be read here and now.
    private func countAtOnce(_ count: StoredCount, values: Int) -> StoredCount {
        guard !count.isComplete, let reader = self.context.quickReader, self.counts.isEmpty,
            self.channel.isWritable, values <= Self.quickValues
        else { return count }
        let turnStart = self.readAtTurnStart
        let advanced = reader.assumeIsolated { reader -> StoredCount? in
            guard reader.spentNanoseconds - turnStart < Self.turnNanoseconds else { return nil }
            return reader.advance(count, bytes: Limits.pageBytes)
        }
        return advanced ?? count
    }

    /// Works on the counts whose turn it is.
    private func startCounts() {
        while let (number, count) = self.counts.next(atMost: self.policy.limits.subscriptions.counts) {
            Task {
                await self.finish(count, number)
                self.startCounts()
            }
        }
    }

    /// Counts to the end, or until the count is closed.
    private func finish(_ count: StoredCount, _ number: Int) async {
        var count = count
        var failure: StorageError?
        while failure == nil, let member = self.counts.members[number], self.state == .open {
            // What has become private since, or may be read now, was counted by the old rule.
            if count.readership != self.readership { count = self.newCount(of: member.filters) }
            guard !count.isComplete else { break }
            let bounds = PageBounds(
                events: 1_000,
                bytes: 1 << 20,
                rows: Self.sliceRows,
                deadline: .now + Self.pageTime
            )
            do {
                count = try await self.context.readers.next.advance(count, bounds: bounds)
            } catch {
                failure = error
            }
            if count.spentNanoseconds > self.policy.limits.subscriptions.countNanoseconds { count.estimate() }
        }
        guard let member = self.counts.finish(number) else { return }
        self.release(member)
        if let failure {
            self.send(.closed(member.id, Refusal(.error, failure.publicText)))
        } else if let refusal = self.readRefusal(of: member.filters) {
            self.send(.closed(member.id, refusal))
        } else {
            self.answer(member.id, count)
        }
        self.flush()
    }

    private func answer(_ id: SubscriptionID, _ count: StoredCount) {
        let answer = count.answer
        self.context.metrics.counts.add()
        if answer.isApproximate { self.context.metrics.countsEstimated.add() }
        self.send(.count(id, answer))
        guard count.spentNanoseconds > self.policy.limits.subscriptions.slowQueryNanoseconds else { return }
        self.context.logger.notice(
            "a slow count",
            metadata: [
                "filters": "\(count.shape)", "rows": "\(count.rows)",
                "milliseconds": "\(count.spentNanoseconds / 1_000_000)",
            ]
        )
    }
}
