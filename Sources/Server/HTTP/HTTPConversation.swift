import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// One plain HTTP request and its answer; then the connection is closed, since only a connection's first request can
/// become a WebSocket.
struct HTTPConversation {
    typealias Parts = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let parts: Parts
    let answer: @Sendable (HTTPRequest) async -> HTTPAnswer

    func run(logger: Logger) async {
        do {
            try await self.parts.executeThenClose { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                guard case .head(let request)? = try await iterator.next() else { return }
                let answer = await self.answer(request)
                var fields = answer.fields
                fields[.connection] = "close"
                fields[.contentLength] = String(answer.body.count)
                fields[.server] = "Martlet/\(Product.version)"
                try await outbound.write(.head(HTTPResponse(status: answer.status, headerFields: fields)))
                if request.method != .head, !answer.body.isEmpty {
                    try await outbound.write(.body(ByteBuffer(bytes: answer.body)))
                }
                try await outbound.write(.end(nil))
                outbound.finish()
                // What the client still sends is of no interest; when it closes, or idles, the channel goes.
                while try await iterator.next() != nil {}
            }
        } catch {
            logger.trace("an HTTP connection ended early", metadata: ["reason": "\(error)"])
        }
    }
}
