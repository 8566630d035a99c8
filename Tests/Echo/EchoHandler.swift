import NIOCore
import Wire

/// Sends back each message in one frame, answers pings, and closes as a connection of the relay does.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest message; the largest of the Autobahn test suite have 16 MiB.
    private static let maxMessageBytes = 16 << 20

    private let compression: PermessageDeflate?
    private let inflater = Inflater()
    private let deflater = Deflater()
    /// One run for all messages, so that context is taken over wherever that was agreed on.
    private var run = DeflateRun()
    private var decoder: FrameDecoder
    private var outbound = ByteBuffer()
    private var isClosing = false

    init(_ compression: PermessageDeflate?) {
        self.compression = compression
        self.decoder = FrameDecoder(maxMessageBytes: Self.maxMessageBytes, compression: compression)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = Self.unwrapInboundIn(data)
        do {
            while !self.isClosing, let incoming = try self.decoder.next(from: &input, inflater: self.inflater) {
                self.answer(incoming, context)
            }
        } catch {
            self.end(error.code, error.reason, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.decoder.trim()
        self.flush(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ incoming: Incoming, _ context: ChannelHandlerContext) {
        let message = self.decoder.message
        switch incoming {
        case .text: self.echo(message.span)
        case .binary:
            self.outbound.writeWebSocketFrameHeader(opcode: .binary, payloadBytes: message.count)
            self.outbound.writeBytes(message)
        case .ping: self.outbound.writePong(self.decoder.control.span)
        case .pong: break
        case .close(let code, _): self.end(code ?? .normalClosure, "", context)
        }
        if self.outbound.readableBytes > 1 << 16 { self.flush(context) }
    }

    private func echo(_ text: Span<UInt8>) {
        guard let compression = self.compression else { return self.outbound.writeTextFrame(text) }
        self.outbound.writeTextFrame(text, compression: compression, deflater: self.deflater, run: &self.run)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard self.outbound.readableBytes > 0 else { return }
        context.writeAndFlush(Self.wrapOutboundOut(self.outbound), promise: nil)
        self.outbound = ByteBuffer()
    }

    private func end(_ code: CloseCode, _ reason: String, _ context: ChannelHandlerContext) {
        self.isClosing = true
        self.outbound.writeClose(code, reason: reason)
        self.flush(context)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        context.close(mode: .output, promise: nil)
    }
}
