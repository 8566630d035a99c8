import Logging
import NIOCore
import Wire

extension Connection {
    /// Called by the directory every ping interval: pings, and closes a peer that is gone or does nothing.
    func tick(seconds: Int64) {
        guard self.state == .open else { return }
        // A connection that is not read for back-pressure cannot be heard: its timer waits.
        guard !self.isReadPending else { return }
        if self.awaitsPong, !self.wasHeard {
            self.context.logger.debug("a silent peer is closed")
            self.channel.close(promise: nil)
            return
        }
        self.idleTicks += 1
        if let idle = self.policy.limits.connections.idleSeconds, self.subscriptions.isEmpty,
            self.idleTicks * seconds > idle
        {
            return self.end(.normalClosure, "idle for \(idle) seconds")
        }
        self.wasHeard = false
        self.awaitsPong = true
        self.outbound.writePing()
        self.flush()
    }

    /// Whether nothing that the client sent is still without an answer.
    var isSettled: Bool { !self.isPublishing && self.arrivals.isEmpty }
}
