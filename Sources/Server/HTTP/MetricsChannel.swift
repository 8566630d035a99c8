import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection to the port that serves nothing but `/metrics`.
struct MetricsChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let parts: HTTPConversation.Parts
    }

    let doors: Doors

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try channel.pipeline.syncOperations.addHandler(
                HTTPConnectionStateHandler(idleTimeout: .seconds(10), logger: logger)
            )
            let parts = try HTTPConversation.Parts(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            return Value(channel: channel, parts: parts)
        }
    }

    func handle(value: Value, logger: Logger) async {
        let peer = value.channel.remoteAddress
        let conversation = HTTPConversation(parts: value.parts) { [doors] request, _ in
            await doors.answerMetrics(request, from: peer)
        }
        await conversation.run(logger: logger)
    }
}
