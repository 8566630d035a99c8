public import NIOCore
public import NIOPosix

/// Who runs where: the one map of the relay's threads.
///
/// | threads | how many | tenants |
/// |---|---|---|
/// | loops | one per core | sockets with their `Connection`, `SubscriptionRegistry`, `ConnectionDirectory` |
/// | verifiers | cores / 2, at least 1 | `Verifier` |
/// | writer | 1 | `StorageWriter` |
/// | readers | as configured | `StorageReader` |
/// | nodes | 2 | `NodeFollower` and `Announcer`, where nodes share a database |
/// | search | 1 | `SearchIndexer` |
///
/// What is not named here runs on Swift's default pool. An actor does not keep its loop alive: the loops end last.
public final class Executors: Sendable {
    public let loops: MultiThreadedEventLoopGroup
    public let verifiers: MultiThreadedEventLoopGroup
    public let writer: MultiThreadedEventLoopGroup
    public let readers: MultiThreadedEventLoopGroup
    public let nodes: MultiThreadedEventLoopGroup
    public let search: MultiThreadedEventLoopGroup

    /// How many threads `init` makes.
    public static func threads(readers: Int, cores: Int = System.coreCount) -> Int {
        cores + max(1, cores / 2) + 4 + max(1, readers)
    }

    public init(readers: Int, cores: Int = System.coreCount) {
        self.loops = MultiThreadedEventLoopGroup(numberOfThreads: cores)
        self.verifiers = MultiThreadedEventLoopGroup(numberOfThreads: max(1, cores / 2))
        self.writer = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.readers = MultiThreadedEventLoopGroup(numberOfThreads: max(1, readers))
        self.nodes = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        self.search = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Ends all threads; nothing may run on them any more.
    public func shutDown() async {
        for group in [self.search, self.nodes, self.readers, self.writer, self.verifiers, self.loops] {
            try? await group.shutdownGracefully()
        }
    }
}
