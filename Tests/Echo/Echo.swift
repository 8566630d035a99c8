import NIOCore
import NIOPosix
import Server

/// A WebSocket server that sends back what it is sent: the relay's handshake, frames and compression, and no relay.
///
/// Usage: `Echo PORT [BYTES]`. BYTES are kept of what a client has sent, as by `connections.compression_context`.
@main
struct Echo {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard let port = arguments.first else { throw Usage() }
        let terms = CompressionTerms(clientContextBytes: arguments.dropFirst().first ?? 0)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try EchoUpgrader.addHandlers(to: channel, terms) }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await server.closeFuture.get()
    }

    struct Usage: Error, CustomStringConvertible {
        let description = "Echo PORT [BYTES]"
    }
}
