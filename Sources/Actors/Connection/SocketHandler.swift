public import NIOCore

/// The bridge from the channel to its connection: already on the connection's executor, so nothing hops.
public final class SocketHandler: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias OutboundIn = ByteBuffer

    private let connection: Connection

    public init(_ connection: Connection) { self.connection = connection }

    public func handlerAdded(context: ChannelHandlerContext) {
        let isActive = context.channel.isActive
        self.connection.assumeIsolated { connection in
            connection.opened()
            // A peer that hung up during the handshake: no `channelInactive` follows.
            if !isActive { connection.closed() }
        }
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = Self.unwrapInboundIn(data)
        self.connection.assumeIsolated { $0.receive(buffer) }
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        self.connection.assumeIsolated { $0.receiveComplete() }
    }

    public func read(context: ChannelHandlerContext) {
        if self.connection.assumeIsolated({ $0.mayRead() }) { context.read() }
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.connection.assumeIsolated { $0.writabilityChanged() }
    }

    public func channelInactive(context: ChannelHandlerContext) {
        self.connection.assumeIsolated { $0.closed() }
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A peer that half-closes has nothing more to say.
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
