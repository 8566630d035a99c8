import Backends
import Logging
import NIOCore
import Nostr
import Wire

extension Connection {
    /// Bytes of an event that is worth compressing: by itself, after others of its kind, and live for one client alone.
    private static let compressed = (first: 512, next: 128, alone: 4_096)
    /// What follows the event in an EVENT message.
    private static let suffix = [UInt8(ascii: "]")]
    /// Bytes after which what was appended is handed to the socket although more is to come.
    private static let flushBytes = 64 << 10

    /// Appends a message to what the next flush sends.
    func send(_ message: RelayMessage) {
        guard self.state == .open else { return }
        switch message {
        case .closed(_, let refusal), .negentropyError(_, let refusal, _): self.remindOfChallenge(refusal)
        default: break
        }
        self.prepareOutbound()
        self.outbound.writeTextFrame(message.json.span)
    }

    /// Appends an EVENT message, if the reader may see the event.
    func write(_ event: Event, to subscription: Subscription) {
        guard self.write(event, to: subscription, self.readership) else { return }
        self.context.metrics.eventsSent.add()
    }

    private func write(_ event: Event, to subscription: Subscription, _ readership: Readership) -> Bool {
        guard self.state == .open, readership.mayRead(event) else { return false }
        self.prepareOutbound()
        let prefix = subscription.prefix
        let suffix = Self.suffix
        if let compression = self.compression, event.json.count >= Self.compressed.alone {
            let deflater = self.context.compression.deflater
            self.outbound.writeTextFrame(
                prefix.span,
                event.json.span,
                suffix.span,
                compression: compression,
                deflater: deflater
            )
        } else {
            self.outbound.writeTextFrame(prefix.span, event.json.span, suffix.span)
        }
        if self.outbound.readableBytes >= Self.flushBytes { self.flush() }
        return true
    }

    /// Appends a live event: clients that understand compression share its compressed form.
    private func write(_ live: LiveEvent, to subscription: Subscription, _ readership: Readership) -> Bool {
        guard let compression = self.compression, live.event.json.count >= Self.compressed.first else {
            return self.write(live.event, to: subscription, readership)
        }
        guard self.state == .open, readership.mayRead(live.event) else { return false }
        let prefix = subscription.prefix
        self.prepareOutbound()
        guard let deflated = live.deflated(before: Self.suffix, by: self.context.compression.deflater),
            self.outbound.writeTextFrame(prefix.span, deflated, compression: compression)
        else { return self.write(live.event, to: subscription, readership) }
        if self.outbound.readableBytes >= Self.flushBytes { self.flush() }
        return true
    }

    /// Takes a live event that is written with the next flush, or before its subscription ends.
    func queue(_ event: LiveEvent, to subscription: Subscription) {
        self.live.append(event, to: subscription)
        if self.live.bytes >= Self.flushBytes { self.writeLive() }
    }

    /// Takes live events that have vanished out of the queue.
    func forgetLive(_ vanished: Vanishing) { self.live.remove(vanished) }

    /// Appends the live events that were queued.
    func writeLive() {
        guard !self.live.isEmpty else { return }
        let readership = self.readership
        var sent = 0
        for (event, subscription) in self.live.take() {
            if self.write(event, to: subscription, readership) { sent += 1 }
        }
        self.context.metrics.eventsSent.add(sent)
    }

    /// Appends a page of stored events to what the next flush sends, but for what was removed while it waited.
    ///
    /// - Parameter readership: whom the page was read for.
    /// - Returns: what was removed.
    func write(_ page: EventPage, readBy readership: Readership, to key: SubscriptionKey) -> Set<Int64> {
        guard self.state == .open, let subscription = self.subscriptions[key] else { return [] }
        let prefix = subscription.prefix
        let (removed, vanished) = self.takeRemovals(key)
        let now = self.readership.narrowed(to: subscription.filters)
        // A reload may have made a kind private meanwhile, or the reader may have stopped to be a member.
        let isStricter = now != readership
        let frames = page.count * (prefix.count + Self.suffix.count + 10)
        self.prepareOutbound()
        // Compressed it is half as much.
        let share = self.compression == nil ? 1 : 2
        self.outbound.reserveCapacity(minimumWritableBytes: (page.bytes.count + frames) / share)
        var run = DeflateRun()
        var sent = 0
        for index in 0..<page.count where removed.isEmpty || !removed.contains(page.positions[index]) {
            if vanished.hides(canonical: page.json(index)) { continue }
            if isStricter, !now.mayRead(canonical: page.json(index)) { continue }
            self.writeEvent(prefix.span, page.json(index), in: &run)
            sent += 1
        }
        self.context.metrics.eventsSent.add(sent)
        if self.outbound.readableBytes >= Self.flushBytes { self.flush() }
        return removed
    }

    /// Appends an event of a page; nothing else is written compressed between the events of one run.
    private func writeEvent(_ prefix: Span<UInt8>, _ json: Span<UInt8>, in run: inout DeflateRun) {
        let suffix = Self.suffix
        guard let compression = self.compression,
            json.count >= (run.hasContext ? Self.compressed.next : Self.compressed.first)
        else { return self.outbound.writeTextFrame(prefix, json, suffix.span) }
        self.outbound.writeTextFrame(
            prefix,
            json,
            suffix.span,
            compression: compression,
            deflater: self.context.compression.deflater,
            run: &run
        )
    }

    /// Takes a buffer to append to, where there is none.
    func prepareOutbound() {
        guard self.outbound.capacity == 0 else { return }
        // What a slow client leaves unread must not keep more memory than it has bytes.
        self.outbound = self.unsentBytes > 0 ? ByteBuffer() : self.context.buffers.take()
    }

    /// Hands what was appended to the socket, and closes a client that has left too much unread.
    func flush() {
        self.writeLive()
        guard self.outbound.readableBytes > 0 else { return }
        let buffer = self.outbound
        self.outbound = ByteBuffer()
        self.flushedBytes += buffer.readableBytes
        self.channel.writeAndFlush(buffer, promise: nil)
        let unsent = self.unsentBytes
        guard unsent > 0 else { return self.context.buffers.give(buffer) }
        guard self.state == .open, unsent > self.policy.limits.unsentCeilingBytes else { return }
        self.endSlow(unsent: unsent)
    }

    /// Closes a client that has left too much unread.
    func endSlow(unsent: Int) {
        guard self.state == .open else { return }
        self.context.metrics.slowClientsClosed.add()
        self.context.logger.info("a client that does not read is closed", metadata: ["unsent": "\(unsent)"])
        self.end(.policyViolation, "too slow: \(unsent) bytes are unread")
    }

    /// Bytes that wait for the client to take them.
    var unsentBytes: Int { (try? self.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }

    /// Waits until the client has taken what was written.
    ///
    /// - Returns: false where the subscription has ended meanwhile.
    func isWritableNow(for key: SubscriptionKey) async -> Bool {
        while !self.channel.isWritable, self.state == .open {
            await withCheckedContinuation { self.whenWritable.append($0) }
        }
        return self.state == .open && self.subscriptions[key] != nil
    }

    /// Called when the socket's buffer drains or fills.
    func writabilityChanged() {
        guard self.channel.isWritable else { return }
        self.resumeWritable()
        self.resumeReading()
    }

    func resumeWritable() {
        let waiting = self.whenWritable
        self.whenWritable = []
        for continuation in waiting { continuation.resume() }
    }

    /// Reads on where the socket was left unread.
    func resumeReading() {
        guard self.isReadPending, !self.isLeftUnread, !self.isCongested else { return }
        self.isReadPending = false
        self.channel.read()
    }

    /// Stops reading for good: the relay is shutting down.
    func leaveUnread() { self.isLeftUnread = true }

    /// Whether the socket may be read now; if not, it is when there is room again.
    func mayRead() -> Bool {
        guard self.state == .open else { return true }
        guard self.isCongested || self.isLeftUnread else { return true }
        self.isReadPending = true
        return false
    }
}
