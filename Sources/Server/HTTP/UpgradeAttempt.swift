import NIOCore
import NIOHTTP1
import Wire

/// What a connection's first request came to, kept on its event loop.
struct UpgradeAttempt {
    /// The request itself: a handshake that fails does not come out of the upgrade handler whole.
    var head: HTTPRequestHead?
    /// The extension agreed upon, once the handshake is accepted and the connection admitted.
    var admitted: PermessageDeflate??
    /// Where the client connects from: an address as text.
    var client = ""
    /// The answer to a handshake that is refused.
    var refusal: HTTPAnswer?
}

/// Keeps the head of a connection's first request, and ends a connection without one when the relay shuts down.
final class FirstRequestRecorder: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let attempt: NIOLoopBoundBox<UpgradeAttempt>

    init(_ attempt: NIOLoopBoundBox<UpgradeAttempt>) { self.attempt = attempt }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.attempt.value.head == nil, case .head(let head) = Self.unwrapInboundIn(data) {
            self.attempt.value.head = head
        }
        context.fireChannelRead(data)
    }

    /// What is no HTTP has been answered with 400 by the handler before this one.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, self.attempt.value.head == nil { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
