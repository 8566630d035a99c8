import Actors
import Glibc
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The listening ports and the connections behind them.
struct FrontOfHouse: Service {
    let assembly: Assembly
    let files: OpenFiles
    let logger: Logger
    /// Seconds that connections get to be answered and closed.
    private static let drainSeconds = 8

    func run() async throws {
        for directory in self.assembly.directories { await directory.apply(self.assembly.settings.current.policy) }
        // Who is banned is known before anybody can come in.
        await self.assembly.management.look()
        await self.assembly.membership?.look()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for address in self.assembly.configuration.listen {
                group.addTask {
                    let channel = RelayChannel(doors: self.assembly.doors)
                    try await self.serve(channel, on: address, atMost: self.files.connectionsPerPort)
                }
            }
            if let address = self.assembly.configuration.metrics.listen {
                group.addTask {
                    let channel = MetricsChannel(doors: self.assembly.doors)
                    try await self.serve(channel, on: address, atMost: OpenFiles.metricsConnections)
                }
            }
            group.addTask {
                try await gracefulShutdown()
                await self.drain()
            }
            try await group.next()
            // All of the ports end together, at a shutdown or because one of them could not be had.
            try await group.waitForAll()
        }
        // Whoever became a WebSocket while the others were being closed.
        for directory in self.assembly.directories { await directory.drain() }
    }

    private func serve(
        _ channel: some ServerChildChannel,
        on address: ListenAddress,
        atMost connections: Int
    ) async throws {
        var logger = self.logger
        logger.logLevel = max(self.logger.logLevel, .warning)
        try address.makeWay()
        let server = HummingbirdCore.Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: address.bindAddress,
                backlog: 1_024,
                availableConnectionsDelegate: .maximum(connections, logger: logger)
            ),
            onServerRunning: { channel in
                let bound = address.bound(to: channel.localAddress)
                self.logger.info("listening", metadata: ["address": "\(bound)"])
            },
            eventLoopGroup: self.assembly.executors.loops,
            logger: logger
        )
        do {
            try await server.run()
        } catch let error as IOError {
            throw ListenError(address: address.description, code: error.errnoCode)
        } catch is SocketAddressError.UnknownHost {
            throw ListenError(address: address.description, reason: "there is no machine of this name")
        } catch let error as SocketAddressError {
            throw ListenError(address: address.description, reason: "\(error)")
        }
    }

    private func drain() async {
        // The second signal is the system's own: the process ends at once.
        signal(SIGTERM, SIG_DFL)
        signal(SIGINT, SIG_DFL)
        self.logger.info("shutting down")
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withTaskGroup(of: Void.self) { group in
                    for directory in self.assembly.directories { group.addTask { await directory.drain() } }
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(Self.drainSeconds))
                for directory in self.assembly.directories { await directory.abort() }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
