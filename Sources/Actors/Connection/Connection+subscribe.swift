import Backends
import Logging
import NIOCore
import Nostr

extension Connection {
    /// Time for one page, so that queries take turns.
    static let pageTime = Duration.milliseconds(10)
    /// Values in the lists of a REQ that are looked up on the loop itself.
    static let quickValues = 1_000
    /// Nanoseconds for which one turn of a connection may read on the loop itself.
    static let turnNanoseconds = 2_000_000

    /// Opens a subscription; one of the same id is replaced, and its query ends.
    ///
    /// - Parameter first: an event that was made for it.
    func subscribe(_ id: SubscriptionID, _ filters: [Filter], beginningWith first: Event? = nil) {
        self.unsubscribe(id)
        if let refusal = self.refusal(of: filters) { return self.send(.closed(id, refusal)) }
        // Registered first, then read: what is committed between the two is buffered, and shown once.
        let key = self.context.registry.assumeIsolated { $0.add(filters, of: self) }
        self.keys[id] = key
        let subscription = Subscription(id, filters, since: self.context.clock.uptime())
        self.subscriptions[key] = subscription
        if let first, filters.contains(where: { Matcher($0).matches(first) }) { self.write(first, to: subscription) }
        self.openValues += filters.reduce(0) { $0 + $1.valueCount }
        let query = self.query(for: filters)
        guard !query.isUnsatisfiable else {
            self.send(.endOfStoredEvents(id, .finish))
            return self.sendPending(key)
        }
        // Where no stored event is asked for, the snapshot still tells which events are live.
        guard let rest = self.sendAtOnce(query, to: key) else { return }
        self.waitingReplays.append((key, rest))
        self.startReplays()
    }

    /// Sends as much of a history as can be read here and now; returns what is left of it, or nil.
    private func sendAtOnce(_ query: StoredQuery, to key: SubscriptionKey) -> StoredQuery? {
        guard let reader = self.context.quickReader, self.runningReplays == 0, self.waitingReplays.isEmpty,
            self.channel.isWritable, query.valueCount <= Self.quickValues
        else { return query }
        let turnStart = self.readAtTurnStart
        let answer = reader.assumeIsolated { reader -> (EventPage, StoredQuery)? in
            guard reader.spentNanoseconds - turnStart < Self.turnNanoseconds else { return nil }
            return reader.firstPage(of: query, bytes: Limits.pageBytes)
        }
        guard let (page, rest) = answer else { return query }
        self.subscriptions[key]?.snapshot = rest.snapshot
        let removed = self.write(page, readBy: rest.readership, to: key)
        guard page.isLast else { return rest }
        self.endStoredEvents(of: key, after: rest, self.hint(after: page, of: rest, without: removed, for: key))
        self.sendPending(key)
        return nil
    }

    /// Why a subscription is not opened, or nil where it is.
    func refusal(of filters: [Filter]) -> Refusal? {
        let limits = self.policy.limits.subscriptions
        if self.subscriptions.count >= limits.open {
            return Refusal(.rateLimited, "\(limits.open) subscriptions are open, close one first")
        }
        if self.openValues + filters.reduce(0, { $0 + $1.valueCount }) > limits.openValues {
            return Refusal(.rateLimited, "your subscriptions ask for too many values, close one first")
        }
        return self.readRefusal(of: filters)
    }

    /// Why nothing that filters ask for would be shown, or nil where something may be.
    func readRefusal(of filters: [Filter]) -> Refusal? {
        self.policy.access.refusal(ofReading: filters, by: self.readership)
    }

    /// Sends the histories whose turn it is: few at a time, so that they share what the client takes.
    private func startReplays() {
        while self.runningReplays < self.policy.limits.subscriptions.replays, !self.waitingReplays.isEmpty {
            let (key, query) = self.waitingReplays.removeFirst()
            self.runningReplays += 1
            Task {
                await self.replay(query, to: key)
                self.runningReplays -= 1
                self.startReplays()
            }
        }
    }

    private func query(for filters: [Filter]) -> StoredQuery {
        let limits = self.policy.limits.subscriptions
        return StoredQuery(
            filters,
            limit: (limits.defaultLimit, limits.limit),
            readership: self.readership.narrowed(to: filters),
            now: self.context.clock.now()
        )
    }

    /// Closes a subscription; nothing is sent for it after this.
    func unsubscribe(_ id: SubscriptionID) {
        self.invitationsAsked[id] = nil
        guard let key = self.keys.removeValue(forKey: id) else { return }
        // One that takes its place may not ask for what was to come through this one.
        self.writeLive()
        let subscription = self.subscriptions.removeValue(forKey: key)
        self.openValues -= subscription?.filters.reduce(0) { $0 + $1.valueCount } ?? 0
        self.waitingBytes -= subscription?.pending?.ephemeralBytes ?? 0
        self.waitingReplays.removeAll { $0.key == key }
        self.context.registry.assumeIsolated { $0.remove(key) }
    }

    /// Ends a subscription that the relay cannot serve.
    private func abandon(_ key: SubscriptionKey, _ refusal: Refusal) {
        guard let id = self.subscriptions[key]?.id else { return }
        self.unsubscribe(id)
        self.send(.closed(id, refusal))
        self.flush()
    }

    /// Sends what is stored, then EOSE, then what arrived meanwhile. The subscription may be gone after each `await`.
    private func replay(_ query: StoredQuery, to key: SubscriptionKey) async {
        var query = query
        do {
            var isLast = false
            var hint: CompletenessHint?
            while !isLast {
                guard await self.isWritableNow(for: key) else { return }
                // A history may take as long as its reader: what has expired and who may read is asked anew.
                query.now = self.context.clock.now()
                guard let filters = self.subscriptions[key]?.filters else { return }
                query.readership = self.readership.narrowed(to: filters)
                self.subscriptions[key]?.removals = PageRemovals()
                let page: EventPage
                let bounds = PageBounds(bytes: Limits.pageBytes, deadline: .now + Self.pageTime)
                let ticket = self.ticket(for: query)
                (page, query) = try await self.context.readers.next.nextPage(of: query, bounds: bounds)
                if let ticket, page.isLast { self.keep(page, query, for: ticket) }
                self.subscriptions[key]?.removals?.hold(page.heldPositions)
                guard await self.isWritableNow(for: key) else { return }
                self.subscriptions[key]?.snapshot = query.snapshot
                let removed = self.write(page, readBy: query.readership, to: key)
                isLast = page.isLast
                if !isLast {
                    self.flush()
                    if let refusal = self.refusal(toGoOn: query) { return self.abandon(key, refusal) }
                }
                hint = self.hint(after: page, of: query, without: removed, for: key)
            }
            guard self.subscriptions[key] != nil else { return }
            self.endStoredEvents(of: key, after: query, hint)
        } catch {
            return self.abandon(key, Refusal(.error, error.publicText))
        }
        await self.goLive(key)
    }

    /// What EOSE may say after the last page; nil where it is not known, or not any more.
    private func hint(
        after page: borrowing EventPage,
        of query: borrowing StoredQuery,
        without removed: Set<Int64>,
        for key: SubscriptionKey
    ) -> CompletenessHint? {
        let filters = self.subscriptions[key]?.filters ?? []
        guard !query.hadOtherReaders, query.readership == self.readership.narrowed(to: filters) else { return nil }
        switch page.completeness {
        case .unknown: return nil
        case .whole: return .finish
        case .more(let position, let expiresAt):
            let hasGone = removed.contains(position) || (expiresAt ?? .max) <= self.context.clock.now()
            return hasGone ? nil : .more
        }
    }

    private func ticket(for query: StoredQuery) -> QuickReader.Ticket? {
        self.context.quickReader?.assumeIsolated { $0.ticket(for: query) }
    }

    private func keep(_ page: EventPage, _ query: StoredQuery, for ticket: QuickReader.Ticket) {
        self.context.quickReader?.assumeIsolated { $0.keep(page, query, for: ticket) }
    }

    /// Sends EOSE.
    private func endStoredEvents(of key: SubscriptionKey, after query: StoredQuery, _ hint: CompletenessHint?) {
        guard let subscription = self.subscriptions[key] else { return }
        let took = self.context.clock.uptime() - subscription.since
        self.context.metrics.queries.record(nanoseconds: took)
        self.reportIfSlow(query)
        self.send(.endOfStoredEvents(subscription.id, hint))
        subscription.isPastStoredEvents = true
    }

    /// Why a query is not read on, or nil where it is.
    private func refusal(toGoOn query: StoredQuery) -> Refusal? {
        guard query.spentNanoseconds > self.policy.limits.subscriptions.queryNanoseconds else { return nil }
        self.reportIfSlow(query)
        self.context.metrics.queriesCut.add()
        return Refusal(.error, "the query takes too long, ask for less of it")
    }

    /// Tells the operator of a query that took the database long.
    private func reportIfSlow(_ query: StoredQuery) {
        guard query.spentNanoseconds > self.policy.limits.subscriptions.slowQueryNanoseconds else { return }
        self.context.logger.notice(
            "a slow query",
            metadata: [
                "filters": "\(query.shape)", "rows": "\(query.rows)",
                "milliseconds": "\(query.spentNanoseconds / 1_000_000)",
            ]
        )
    }

    /// Sends the live events that waited, and lets the next ones through.
    private func goLive(_ key: SubscriptionKey) async {
        while let pending = self.subscriptions[key]?.pending, pending.hasOverflowed,
            let snapshot = self.subscriptions[key]?.snapshot
        {
            // The database has what the buffer could not hold. New arrivals are buffered afresh meanwhile.
            _ = self.takePending(key, next: PendingEvents())
            if let subscription = self.subscriptions[key] {
                for (event, _) in pending.events { self.write(event, to: subscription) }
            }
            guard await self.catchUp(key, after: snapshot) else { return }
        }
        self.sendPending(key)
        self.flush()
    }

    /// Sends what waited and opens the way for live events.
    private func sendPending(_ key: SubscriptionKey) {
        guard let pending = self.takePending(key, next: nil) else { return }
        self.context.registry.assumeIsolated { $0.finishReplay(key) }
        let now = self.context.clock.now()
        // Expiration is about what is stored.
        for (event, position) in pending.events where position == nil || !event.hasExpired(by: now) {
            self.send(pending: event, position: position, to: key)
        }
    }

    private func send(pending event: Event, position: CommitPosition?, to key: SubscriptionKey) {
        guard let subscription = self.subscriptions[key] else { return }
        if let position, subscription.snapshot?.includes(position.transaction) ?? false { return }
        self.write(event, to: subscription)
    }

    /// Sends the matching events committed after a snapshot, and moves the subscription's up to them.
    ///
    /// - Returns: false where the subscription has ended.
    private func catchUp(_ key: SubscriptionKey, after snapshot: Snapshot) async -> Bool {
        guard let matchers = self.subscriptions[key]?.filters.map(Matcher.init) else { return false }
        var cursor = CommitCursor(after: snapshot)
        var isComplete = false
        while !isComplete {
            let stretch: CommittedEvents
            self.subscriptions[key]?.removals = PageRemovals()
            do {
                stretch = try await self.context.readers.next.events(after: cursor, atMost: 500)
            } catch {
                self.abandon(key, Refusal(.error, "the relay's database does not answer, try again later"))
                return false
            }
            self.subscriptions[key]?.removals?.hold(stretch.events.map(\.position.row))
            guard await self.isWritableNow(for: key) else { return false }
            let (removed, vanished) = self.takeRemovals(key)
            let now = self.context.clock.now()
            for (event, row) in stretch.events.map({ ($0.event, $0.position.row) }) {
                let lookup = TagLookup(event)
                let words = EventWords(event)
                guard !removed.contains(row), !vanished.hides(event),
                    matchers.contains(where: { $0.matches(event, lookup, words) }),
                    !event.hasExpired(by: now)
                else { continue }
                if let subscription = self.subscriptions[key] { self.write(event, to: subscription) }
            }
            cursor = stretch.cursor
            isComplete = stretch.isComplete
            self.flush()
        }
        // Live events wait until here, so that nothing is told by a snapshot that is not shown as a whole.
        self.subscriptions[key]?.snapshot = cursor.target ?? snapshot
        return true
    }

    /// Takes a live event from the registry.
    ///
    /// - Returns: whether it is queued and is the first since `flushLive`.
    func deliver(_ live: LiveEvent, to key: SubscriptionKey) -> Bool {
        guard let subscription = self.subscriptions[key] else { return false }
        let position = live.position
        if let position, subscription.snapshot?.includes(position.transaction) ?? false { return false }
        // Behind EOSE an ephemeral event need not wait for the stored ones that may still have to be fetched.
        let mayWait = position != nil || !subscription.isPastStoredEvents
        guard mayWait, subscription.pending != nil else {
            self.queue(live, to: subscription)
            defer { self.awaitsFlush = true }
            return !self.awaitsFlush
        }
        let limits = self.policy.limits.subscriptions
        subscription.pending?.append(
            live.event,
            position: position,
            atMost: limits.replayBufferEvents,
            bytes: limits.replayBufferBytes
        )
        if position == nil { self.wait(for: live.event.json.count) }
        return false
    }

    /// Writes and flushes what the registry handed over.
    func flushLive() {
        self.awaitsFlush = false
        self.flush()
    }

    /// Counts the bytes of an ephemeral event that waits for the end of a history; a client may be as far behind as one
    /// that is sent live events.
    private func wait(for bytes: Int) {
        self.waitingBytes += bytes
        guard self.waitingBytes > self.policy.limits.unsentCeilingBytes else { return }
        self.endSlow(unsent: self.waitingBytes)
    }

    /// Takes the events that wait for the end of a history, and lets `next` ones wait, or none.
    private func takePending(_ key: SubscriptionKey, next: PendingEvents?) -> PendingEvents? {
        let pending = self.subscriptions[key]?.pending
        self.subscriptions[key]?.pending = next
        self.waitingBytes -= pending?.ephemeralBytes ?? 0
        return pending
    }

    /// Takes events that are no longer stored out of a subscription's buffer, and out of the page that waits.
    func forget(_ positions: Set<Int64>, _ vanished: Vanishing, _ key: SubscriptionKey) {
        self.subscriptions[key]?.pending?.remove(positions, vanished)
        self.subscriptions[key]?.removals?.note(positions, vanished)
    }

    /// Leaves a subscription's buffer to the database: some of it may have been removed by another process.
    func doubtPending(_ key: SubscriptionKey) { self.subscriptions[key]?.pending?.giveUpStored() }

    /// What was removed, and who has vanished, of a page that is sent now.
    func takeRemovals(_ key: SubscriptionKey) -> (removed: Set<Int64>, vanished: Vanishing) {
        defer { self.subscriptions[key]?.removals = nil }
        guard let removals = self.subscriptions[key]?.removals else { return ([], Vanishing()) }
        return (removals.removed, removals.vanished)
    }
}
