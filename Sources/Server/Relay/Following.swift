import Actors
import ServiceLifecycle

/// Hears the other nodes until the connections are closed: what they store meanwhile is still told.
struct Following: Service {
    let follower: NodeFollower?

    func run() async throws {
        guard let follower else { return try await gracefulShutdown() }
        let hearing = Task { await follower.run() }
        try? await gracefulShutdown()
        hearing.cancel()
        follower.interrupt()
        await hearing.value
    }
}
