import Actors
import HTTPTypes
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
    /// Time that a connection gets to become a WebSocket, or to be answered and gone.
    private static let deadline = TimeAmount.seconds(15)
    /// Connections that are not WebSockets yet; more are closed at once.
    private static let maximumUndecided = 2_000
    /// A channel keeps the largest buffer that it has read into. A handshake and most messages fit into the first.
    private static let receiveBuffers = AdaptiveRecvByteBufferAllocator(
        minimum: 1_024,
        initial: 1_024,
        maximum: 1 << 16
    )

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let doors = self.doors
            guard doors.undecided.value < Self.maximumUndecided else {
                throw ChannelError.inappropriateOperationForState
            }
            let attempt = NIOLoopBoundBox(UpgradeAttempt(), eventLoop: channel.eventLoop)
            let configuration = NIOTypedHTTPServerUpgradeConfiguration<Negotiated>(
                upgraders: [WebSocketUpgrader(doors, attempt: attempt)],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let head = attempt.value.head else { throw ChannelError.inputClosed }
                        return .http(try Self.makeParts(channel, logger), head, refusal: attempt.value.refusal)
                    }
                }
            )
            try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiveBuffers)
            let negotiated = try Self.addHandlers(configuration, attempt, to: channel)
            let deadline = channel.eventLoop.scheduleTask(in: Self.deadline) { channel.close(promise: nil) }
            doors.undecided.add()
            let decided = channel.eventLoop.makePromise(of: Void.self)
            decided.futureResult.whenComplete { _ in
                deadline.cancel()
                doors.undecided.add(-1)
            }
            negotiated.whenSuccess { negotiated in
                if case .socket = negotiated { decided.succeed() }
            }
            channel.closeFuture.cascade(to: decided)
            return Value(channel: channel, negotiated: negotiated)
        }
    }

    private static func addHandlers(
        _ configuration: NIOTypedHTTPServerUpgradeConfiguration<Negotiated>,
        _ attempt: NIOLoopBoundBox<UpgradeAttempt>,
        to channel: any Channel
    ) throws -> EventLoopFuture<Negotiated> {
        var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: configuration)
        pipeline.enablePipelining = false
        pipeline.decoderConfiguration.maxHeaderFieldCount = 100
        pipeline.decoderConfiguration.maxHeaderListSize = 16 << 10
        pipeline.decoderConfiguration.maxHeaderFieldSize = 8 << 10
        let operations = channel.pipeline.syncOperations
        let negotiated = try operations.configureUpgradableHTTPServerPipeline(configuration: pipeline)
        let upgrader = try operations.handler(type: NIOTypedHTTPServerUpgradeHandler<Negotiated>.self)
        try operations.addHandler(FirstRequestRecorder(attempt), position: .before(upgrader))
        return negotiated
    }

    private static func makeParts(_ channel: any Channel, _ logger: Logger) throws -> HTTPConversation.Parts {
        try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try channel.pipeline.syncOperations.addHandler(
            HTTPConnectionStateHandler(logger: logger)
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
        // Its connection lives on the loop, and its directory waits for it: a task would take more memory than both.
        case .socket: break
        case .http(let parts, let head, let refusal):
            let peer = value.channel.remoteAddress
            let isRefused = refusal != nil
            let conversation = HTTPConversation(
                parts: parts,
                bodyLimit: { isRefused ? nil : Doors.bodyLimit($0) },
                answer: { [doors] request, body in
                    if let refusal { return refusal }
                    return await doors.answer(request, body, from: peer)
                }
            )
            guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else {
                value.channel.close(promise: nil)
                return
            }
            await conversation.run(request, logger: logger)
        }
    }
}
