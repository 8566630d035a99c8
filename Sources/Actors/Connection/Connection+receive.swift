import NIOCore
import Nostr
import Wire

extension Connection {
    /// What a connection may send before the others of its loop have their turn: messages and control frames, of which
    /// each four kibibytes count for one.
    private static let messagesPerTurn = 256

    /// Takes bytes off the socket; called on the loop for each read.
    func receive(_ input: ByteBuffer) {
        self.wasHeard = true
        self.context.metrics.bytesReceived.add(input.readableBytes)
        guard self.backlog == nil else {
            self.backlog?.writeImmutableBuffer(input)
            return
        }
        self.take(from: input)
    }

    /// Handles the messages of one turn; what is left of the input waits for the next one.
    private func take(from input: ByteBuffer, atMost count: Int = Connection.messagesPerTurn) {
        var input = input
        var left = count
        self.readAtTurnStart = self.context.quickReader?.assumeIsolated { $0.spentNanoseconds } ?? 0
        do {
            while self.state == .open {
                guard left > 0 || input.readableBytes == 0 else { return self.putOff(input) }
                let inflater = self.compression == nil ? nil : self.context.compression.inflater
                guard let incoming = try self.decoder.next(from: &input, inflater: inflater) else { break }
                left -= 1 + self.decoder.message.count >> 12
                self.handle(incoming)
            }
        } catch {
            self.end(error.code, error.reason)
        }
    }

    /// Lets the other connections go first; the socket is not read meanwhile.
    private func putOff(_ input: ByteBuffer) {
        self.backlog = input
        self.channel.eventLoop.execute {
            self.assumeIsolated { $0.takeBacklog() }
        }
    }

    private func takeBacklog() {
        guard let input = self.backlog else { return }
        self.backlog = nil
        self.take(from: input)
        self.receiveComplete()
        guard self.backlog == nil else { return }
        self.resumeReading()
        self.reportIfSettled()
    }

    /// Handles what a peer sent before it hung up.
    func takeLastWords() {
        guard let input = self.backlog else { return }
        self.backlog = nil
        self.take(from: input, atMost: .max)
        self.startPublishing()
    }

    /// Called after the last read of a burst: what arrived in it is published as one batch, and all answers go out
    /// with one flush.
    func receiveComplete() {
        self.decoder.trim()
        self.startPublishing()
        self.flush()
    }

    private func handle(_ incoming: Incoming) {
        switch incoming {
        case .text: self.handleMessage()
        case .binary: self.end(.unsupportedData, "messages are text")
        case .ping:
            self.prepareOutbound()
            self.outbound.writePong(self.decoder.control.span)
        case .pong: break
        case .close(let code, _): self.end(code ?? .normalClosure, "")
        }
    }

    private func handleMessage() {
        self.idleTicks = 0
        self.context.metrics.messagesReceived.add()
        let wait = self.takeMessageToken()
        if wait != nil { self.context.metrics.rateLimited.add(.messages) }
        let tooMany = wait.map { Refusal(.rateLimited, "too many messages, come back in \($0) s") }
        do {
            let message = try ClientMessage(
                parsing: self.decoder.message.span,
                bounds: self.policy.limits.messageBounds
            )
            if let tooMany { self.refuse(message, tooMany) } else { self.handle(message) }
        } catch {
            switch error {
            case .notice(let text): self.send(.notice(tooMany?.description ?? text))
            case .event(let claimedID, let refusal):
                self.context.metrics.rejected.add((tooMany ?? refusal).prefix)
                self.send(.refused(claimedID: claimedID, tooMany ?? refusal))
            case .subscription(let id, let refusal): self.refuseRequest(id, tooMany ?? refusal)
            case .negentropy(let id, let refusal): self.refuseNegentropy(id, tooMany ?? refusal)
            case .count(let id, let refusal): self.send(.closed(id, tooMany ?? refusal))
            }
        }
    }

    private func handle(_ message: ClientMessage) {
        switch message {
        case .event(let event): self.handle(event)
        case .request(let id, let filters): self.request(id, filters)
        case .close(let id): self.close(id)
        case .count(let id, let filters): self.count(id, filters)
        case .authenticate(let event): self.authenticate(event)
        case .negentropy(let request): self.handle(request)
        }
    }

    /// Answers a message that is not acted upon in the way that its kind asks for.
    private func refuse(_ message: ClientMessage, _ refusal: Refusal) {
        switch message {
        case .event(let event), .authenticate(let event): self.refuse(event, refusal)
        case .request(let id, _): self.refuseRequest(id, refusal)
        case .count(let id, _): self.send(.closed(id, refusal))
        // Closing costs nothing, and is owed no answer.
        case .close(let id): self.close(id)
        case .negentropy(let request): self.refuse(request, refusal)
        }
    }

    /// Ends the subscription of this id, and the counts.
    private func close(_ id: SubscriptionID) {
        self.unsubscribe(id)
        self.endCounts(id)
    }

    /// Answers CLOSED. A good request would have replaced the subscription of this id, so there is none of it now.
    private func refuseRequest(_ id: SubscriptionID, _ refusal: Refusal) {
        self.unsubscribe(id)
        self.send(.closed(id, refusal))
    }

    private func handle(_ event: Event) {
        self.context.metrics.received.add(event.kind)
        if let wait = self.takeEventToken() {
            self.context.metrics.rateLimited.add(.events)
            return self.refuse(event, Refusal(.rateLimited, "too many events, come back in \(wait) s"))
        }
        let now = self.context.clock.now()
        if let refusal = self.policy.refusal(of: event, now: now)
            ?? self.policy.access.refusal(of: event, by: self.readership.keys, self.policy.members, now: now)
        {
            return self.refuse(event, refusal)
        }
        self.arrivals.append(event)
        self.arrivedBytes += event.json.count
    }

    /// Answers OK false.
    func refuse(_ event: Event, _ refusal: Refusal) {
        self.context.metrics.rejected.add(refusal.prefix)
        self.remindOfChallenge(refusal)
        self.send(.ok(event.id, accepted: false, text: refusal.description))
    }

    private func takeMessageToken() -> Int? {
        guard let rate = self.policy.rates.connectionMessages else { return nil }
        return Self.take(rate, from: &self.messages, now: self.context.clock.seconds)
    }

    private func takeEventToken() -> Int? {
        guard let rate = self.policy.rates.connectionEvents else { return nil }
        return Self.take(rate, from: &self.publications, now: self.context.clock.seconds)
    }

    /// Takes a token; returns the seconds to wait where there is none.
    private static func take(_ rate: Rates.Rate, from bucket: inout TokenBucket?, now: Double) -> Int? {
        var filled = bucket ?? TokenBucket(rate, now: now)
        defer { bucket = filled }
        return filled.take(rate, now: now).map { Int(min($0, 3_600).rounded(.up)) }
    }
}
