import NIOCore
import NIOWebSocket

/// Hands the frames of a channel to its `PeerSocket`.
final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let socket: PeerSocket
    private let messageBytes: Int

    init(_ socket: PeerSocket, messageBytes: Int) {
        self.socket = socket
        self.messageBytes = messageBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        self.socket.assumeIsolated { $0.receive(frame) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.socket.assumeIsolated { $0.receiveComplete() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.socket.assumeIsolated { $0.end(.lost(reason: "it ended without a word")) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let failure = PeerFailure(error, messageBytes: self.messageBytes)
        self.socket.assumeIsolated { $0.end(failure) }
        context.close(promise: nil)
    }
}
