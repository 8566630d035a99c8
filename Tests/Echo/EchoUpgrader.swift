import NIOCore
import NIOHTTP1
import NIOWebSocket
import Server
import Wire

/// Turns a channel into a WebSocket that echoes, if the relay's own judgement of the handshake agrees.
final class EchoUpgrader: NIOTypedHTTPServerProtocolUpgrader, Sendable {
    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    private let terms: CompressionTerms
    private let agreed: NIOLoopBoundBox<PermessageDeflate?>
    /// Computes the answer's headers; its frame codec is not used.
    private let responder = NIOTypedWebSocketServerUpgrader<Void>(
        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
        upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededFuture(()) }
    )

    private struct Refused: Error {}

    private init(_ terms: CompressionTerms, on loop: any EventLoop) {
        self.terms = terms
        self.agreed = NIOLoopBoundBox(nil, eventLoop: loop)
    }

    static func addHandlers(to channel: any Channel, _ terms: CompressionTerms) throws {
        let configuration = NIOTypedHTTPServerUpgradeConfiguration<Void>(
            upgraders: [EchoUpgrader(terms, on: channel.eventLoop)],
            notUpgradingCompletionHandler: { $0.close() }
        )
        var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: configuration)
        pipeline.enablePipelining = false
        _ = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(configuration: pipeline)
    }

    func buildUpgradeResponse(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead,
        initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        guard case .accepted(let compression) = Handshake.judge(upgradeRequest, compression: self.terms) else {
            return channel.eventLoop.makeFailedFuture(Refused())
        }
        self.agreed.value = compression
        return self.responder.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: upgradeRequest,
            initialResponseHeaders: initialResponseHeaders
        ).map { headers in
            var headers = headers
            if let compression { headers.add(name: "Sec-WebSocket-Extensions", value: compression.headerValue) }
            return headers
        }
    }

    func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(EchoHandler(self.agreed.value))
        }
    }
}
