import Actors
import Backends
import Logging
import ServiceLifecycle

/// What has to be done from time to time: events of other processes, expired events.
struct Housekeeping: Service {
    let writer: StorageWriter
    let logger: Logger
    let clock: Clock
    /// How soon what other processes store is seen.
    private static let foreignInterval = Duration.milliseconds(500)
    private static let expirySeconds: Int64 = 60

    func run() async throws {
        var nextSweep: Int64 = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                while try await self.writer.relayForeignEvents(), !Task.isShuttingDownGracefully {}
                let now = self.clock.now()
                if now >= nextSweep {
                    nextSweep = now + Self.expirySeconds
                    while try await self.writer.removeExpired(now: now), !Task.isShuttingDownGracefully {}
                }
            } catch {
                self.logger.error("housekeeping failed", metadata: ["reason": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.foreignInterval) }
        }
    }
}
