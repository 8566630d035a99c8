import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// One plain HTTP request and its answer; then the connection is closed, since only a connection's first request can
/// become a WebSocket.
struct HTTPConversation {
    typealias Parts = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let parts: Parts
    /// Bytes of a body that a request may have; nil for one whose body is of no interest.
    var bodyLimit: @Sendable (HTTPRequest) -> Int? = { _ in nil }
    let answer: @Sendable (HTTPRequest, RequestBody) async -> HTTPAnswer
    /// Time in which the client has to take the answer and close.
    private static let lingering = TimeAmount.seconds(2)

    /// - Parameter request: the request, where it is known already; else it is read from the channel.
    func run(_ request: HTTPRequest? = nil, logger: Logger) async {
        do {
            try await self.parts.executeThenClose { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                var request = request
                if request == nil, case .head(let head)? = try await iterator.next() { request = head }
                guard let request else { return }
                let body = try await RequestBody.read(of: request, upTo: self.bodyLimit(request), &iterator)
                let answer = await self.answer(request, body)
                try await Self.write(answer, isHead: request.method == .head, to: outbound)
                outbound.finish()
                // What the client still sends is of no interest, nor is it waited for much longer.
                let channel = self.parts.channel
                channel.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
                try await channel.closeFuture.get()
            }
        } catch {
            logger.trace("an HTTP connection ended early", metadata: ["reason": "\(error)"])
        }
    }

    private static func write(
        _ answer: HTTPAnswer,
        isHead: Bool,
        to outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
    ) async throws {
        var fields = answer.fields
        fields[.connection] = "close"
        // An answer without content has no length either (RFC 9110, section 8.6).
        if answer.status != .noContent { fields[.contentLength] = String(answer.body.count) }
        fields[.server] = "Martlet/\(Product.version)"
        try await outbound.write(.head(HTTPResponse(status: answer.status, headerFields: fields)))
        if !isHead, !answer.body.isEmpty { try await outbound.write(.body(ByteBuffer(bytes: answer.body))) }
        try await outbound.write(.end(nil))
    }
}
