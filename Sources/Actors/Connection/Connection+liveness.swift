import Logging
import NIOCore
import Wire

extension Connection {
    /// Called by the directory every ping interval: pings, and closes a peer that is gone or does nothing.
    func tick(seconds: Int64) {
        guard self.state == .open else { return }
        // A membership may have ended by the clock.
        if self.policy.access.read == .members { self.renewReadership() }
        self.expireNegentropies()
        guard self.channel.isWritable else { return self.tickUnwritable() }
        self.stalledTicks = 0
        // A connection that is not read for back-pressure cannot be heard: its timer waits.
        guard !self.isReadPending else { return }
        if self.awaitsPong, !self.wasHeard {
            self.context.logger.debug("a silent peer is closed")
            return self.end(.policyViolation, "no answer to a ping")
        }
        self.idleTicks += 1
        if let idle = self.policy.limits.connections.idleSeconds, self.subscriptions.isEmpty, self.negentropy.isEmpty,
            self.idleTicks * seconds > idle
        {
            return self.end(.normalClosure, "idle for \(idle) seconds")
        }
        self.wasHeard = false
        self.awaitsPong = true
        self.prepareOutbound()
        self.outbound.writePing()
        self.flush()
    }

    /// A peer that has not taken all it was sent: as long as it takes something it lives, whatever it says.
    private func tickUnwritable() {
        let taken = self.flushedBytes - self.unsentBytes
        self.stalledTicks = taken > self.takenBytes ? 0 : self.stalledTicks + 1
        self.takenBytes = taken
        self.wasHeard = true
        guard self.stalledTicks >= 2 else { return }
        self.context.metrics.slowClientsClosed.add()
        self.context.logger.info("a client that does not read is closed", metadata: ["unsent": "\(self.unsentBytes)"])
        self.end(.policyViolation, "too slow: nothing was read for a while")
    }

    /// Whether nothing that the client sent is still without an answer.
    var isSettled: Bool { !self.isPublishing && self.arrivals.isEmpty && self.backlog == nil }
}
