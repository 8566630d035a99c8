import Actors
import ServiceLifecycle

/// Indexes words until the connections are closed; what is left is done after the next start.
struct Indexing: Service {
    let indexer: SearchIndexer

    func run() async throws {
        let indexing = Task { await self.indexer.run() }
        try? await gracefulShutdown()
        indexing.cancel()
        await indexing.value
    }
}
