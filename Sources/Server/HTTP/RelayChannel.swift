import Actors
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection to the relay's port: HTTP until its first request is known, then a WebSocket or one plain answer.
struct RelayChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let negotiated: EventLoopFuture<Negotiated>
    }

    let doors: Doors
    /// Seconds in which a client must have sent its first request.
    private static let handshakeTimeout = TimeAmount.seconds(10)
    /// Seconds after which an answered HTTP connection is closed whether the client has closed it or not.
    private static let idleTimeout = Duration.seconds(10)

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let attempt = NIOLoopBoundBox(UpgradeAttempt(), eventLoop: channel.eventLoop)
            let configuration = NIOTypedHTTPServerUpgradeConfiguration<Negotiated>(
                upgraders: [WebSocketUpgrader(self.doors, attempt: attempt)],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        .http(try Self.makeParts(channel, logger), refusal: attempt.value.refusal)
                    }
                }
            )
            var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: configuration)
            pipeline.enablePipelining = false
            pipeline.decoderConfiguration.maxHeaderFieldCount = 100
            pipeline.decoderConfiguration.maxHeaderListSize = 16 << 10
            pipeline.decoderConfiguration.maxHeaderFieldSize = 8 << 10
            let negotiated = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: pipeline
            )
            let deadline = channel.eventLoop.scheduleTask(in: Self.handshakeTimeout) { channel.close(promise: nil) }
            negotiated.whenComplete { _ in deadline.cancel() }
            return Value(channel: channel, negotiated: negotiated)
        }
    }

    private static func makeParts(_ channel: any Channel, _ logger: Logger) throws -> HTTPConversation.Parts {
        try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try channel.pipeline.syncOperations.addHandler(
            HTTPConnectionStateHandler(idleTimeout: Self.idleTimeout, logger: logger)
        )
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true)
        )
    }

    func handle(value: Value, logger: Logger) async {
        guard let negotiated = try? await value.negotiated.get() else {
            value.channel.close(promise: nil)
            return
        }
        switch negotiated {
        case .socket(let channel, let address):
            try? await channel.closeFuture.get()
            await self.doors.limiter.release(address)
        case .http(let parts, let refusal):
            let peer = value.channel.remoteAddress
            let conversation = HTTPConversation(parts: parts) { [doors] request in
                if let refusal { return refusal }
                return await doors.answer(request, from: peer)
            }
            await conversation.run(logger: logger)
        }
    }
}
