import Actors
import Backends
import Glibc
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// The whole relay, wired: from a configuration to the moment when nothing runs any more.
public struct Relay: Sendable {
    private let configuration: EffectiveConfiguration
    private let reload: @Sendable () throws(ConfigurationError) -> EffectiveConfiguration
    private let configurationFile: String?
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: what to start with.
    ///   - configurationFile: the file that is watched for changes, if there is one.
    ///   - reload: reads the configuration again.
    public init(
        _ configuration: EffectiveConfiguration,
        configurationFile: String?,
        reload: @escaping @Sendable () throws(ConfigurationError) -> EffectiveConfiguration,
        logger: Logger
    ) {
        self.configuration = configuration
        self.configurationFile = configurationFile
        self.reload = reload
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT, then ends in good order: nothing is accepted any more, events that were
    /// accepted are answered, connections are closed with 1001. A second signal ends the process at once.
    public func run() async throws {
        let configuration = self.configuration.configuration
        let files = OpenFiles(configuration, limit: OpenFiles.raiseLimit())
        self.logger.info("open files", metadata: ["limit": "\(files.limit)"])
        try files.check()
        if files.connectionsPerPort < configuration.connections.max {
            self.logger.warning(
                "connections.max is more than the process may open files for; raise the limit or lower the setting",
                metadata: [
                    "connections.max": "\(configuration.connections.max)", "room": "\(files.connectionsPerPort)",
                ]
            )
        }
        let executors = Executors(readers: configuration.storage.readers)
        let assembly: Assembly
        do {
            assembly = try Assembly(configuration, executors: executors, logger: self.logger)
        } catch {
            await executors.shutDown()
            throw error
        }
        do {
            try await self.serve(assembly, files)
        } catch {
            await assembly.negentropy.close()
            await assembly.writer.close()
            await assembly.announcer?.close()
            await executors.shutDown()
            throw error
        }
        await assembly.negentropy.close()
        await assembly.writer.close()
        await assembly.announcer?.close()
        await executors.shutDown()
        self.logger.info("the relay has ended")
    }

    private func serve(_ assembly: Assembly, _ files: OpenFiles) async throws {
        let watcher = ConfigurationWatcher(
            assembly: assembly,
            running: self.configuration.configuration,
            file: self.configurationFile,
            reload: self.reload,
            logger: self.logger
        )
        // Whoever finds it wrong is told before anybody is served.
        try await assembly.membership?.open()
        let membership = assembly.membership.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [membership].compactMap(\.self) + [
                    .init(service: Indexing(indexer: assembly.indexer)),
                    .init(service: Following(follower: assembly.follower)),
                    .init(
                        service: Housekeeping(
                            writer: assembly.writer,
                            negentropy: assembly.negentropy,
                            logger: self.logger,
                            clock: assembly.clock
                        )
                    ),
                    .init(service: watcher),
                    .init(service: assembly.management),
                    // The last one ends first.
                    .init(service: FrontOfHouse(assembly: assembly, files: files, logger: self.logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Self.quiet(self.logger)
            )
        )
        try await group.run()
    }

    /// The service group's own words are for developers.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = .critical
        return logger
    }
}
