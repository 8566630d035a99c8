import NIOCore
import NIOHTTP1

/// Notices an answer to the handshake that is no 101, and ends the attempt with it.
final class StatusReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = Self.unwrapInboundIn(data), head.status != .switchingProtocols {
            let status = ForeignText.shown("\(head.status.code) \(head.status.reasonPhrase)")
            context.fireErrorCaught(PeerFailure.noWebSocket(status: status))
            context.close(promise: nil)
        } else {
            context.fireChannelRead(data)
        }
    }
}
