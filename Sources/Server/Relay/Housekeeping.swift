import Actors
import Backends
import Logging
import ServiceLifecycle

/// What has to be done from time to time: events of other processes, expired events, events that have vanished, memory
/// that nobody needs any more.
struct Housekeeping: Service {
    let writer: StorageWriter
    let negentropy: NegentropyIndex
    let logger: Logger
    let clock: Clock
    /// How soon what other processes store is seen.
    private static let foreignInterval = Duration.milliseconds(500)
    private static let expirySeconds = 60.0
    /// Between two slices of what has vanished: those who publish are not kept waiting.
    private static let purgePause = Duration.milliseconds(10)
    private static let purgeSeconds = 0.4

    func run() async throws {
        // By a clock that nobody sets.
        var nextSweep = 0.0
        var outage = Outage()
        var memory = SpareMemory(resident: ProcessUsage.anonymousBytes, spare: Allocator.spareBytes)
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            var isPurging = false
            do {
                while try await self.writer.relayForeignEvents(), !Task.isShuttingDownGracefully {}
                let isSweep = self.clock.seconds >= nextSweep
                if isSweep {
                    nextSweep = self.clock.seconds + Self.expirySeconds
                    while try await self.writer.removeExpired(now: self.clock.now()), !Task.isShuttingDownGracefully {}
                }
                // What another node could not bring to its end is found by the sweep.
                let mayHaveVanished = await self.writer.mayHaveVanished
                isPurging = isSweep || mayHaveVanished ? try await self.purgeVanished() : false
                if let failures = outage.end(at: self.clock.seconds) {
                    self.logger.notice("housekeeping works again", metadata: ["failures": "\(failures)"])
                }
            } catch {
                if outage.note("\(error)", at: self.clock.seconds) {
                    self.logger.error("housekeeping failed", metadata: ["reason": "\(error)"])
                }
            }
            self.negentropy.forgetIfUnused(uptime: self.clock.uptime())
            if memory.mayBeMuch(resident: ProcessUsage.anonymousBytes, now: self.clock.seconds),
                memory.isMuch(spare: Allocator.spareBytes)
            {
                Allocator.giveBack()
                memory.note(resident: ProcessUsage.anonymousBytes, spare: Allocator.spareBytes)
            }
            let pause = isPurging ? Self.purgePause : Self.foreignInterval
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    /// Removes what has vanished, as long as nothing else is due; returns whether there may be more.
    private func purgeVanished() async throws -> Bool {
        let deadline = self.clock.seconds + Self.purgeSeconds
        while !Task.isShuttingDownGracefully, try await self.writer.purgeVanished() {
            guard self.clock.seconds < deadline else { return true }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.purgePause) }
        }
        return false
    }
}
