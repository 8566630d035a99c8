import Actors
import Backends
import Logging
import ServiceLifecycle

/// What has to be done from time to time: events of other processes, expired events, memory that nobody needs any more.
struct Housekeeping: Service {
    let writer: StorageWriter
    let negentropy: NegentropyIndex
    let logger: Logger
    let clock: Clock
    /// How soon what other processes store is seen.
    private static let foreignInterval = Duration.milliseconds(500)
    private static let expirySeconds = 60.0

    func run() async throws {
        // By a clock that nobody sets.
        var nextSweep = 0.0
        var outage = Outage()
        var memory = SpareMemory(resident: ProcessUsage.anonymousBytes, spare: Allocator.spareBytes)
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                while try await self.writer.relayForeignEvents(), !Task.isShuttingDownGracefully {}
                if self.clock.seconds >= nextSweep {
                    nextSweep = self.clock.seconds + Self.expirySeconds
                    while try await self.writer.removeExpired(now: self.clock.now()), !Task.isShuttingDownGracefully {}
                }
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
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.foreignInterval) }
        }
    }
}
