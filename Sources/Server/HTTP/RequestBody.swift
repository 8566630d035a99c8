import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The content of a request, as far as anybody wants to know it.
enum RequestBody: Sendable, Equatable {
    /// Nobody asked for it.
    case unread
    case whole([UInt8])
    /// There is more of it than is taken.
    case tooLarge(limit: Int)
    /// The connection ended before it did.
    case cutOff

    /// Reads a body of `limit` bytes at most; nil reads none. How long that may take is bounded by the connection's
    /// deadline.
    ///
    /// - Parameter parts: of the request, one after the other; its head may be among them.
    @concurrent
    static func read(
        of request: HTTPRequest,
        upTo limit: Int?,
        _ parts: inout NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator
    ) async throws -> RequestBody {
        guard let limit else { return .unread }
        // What says of itself that it is too large need not be sent.
        if let length = request.headerFields[.contentLength].flatMap({ Int($0) }), length > limit {
            return .tooLarge(limit: limit)
        }
        var bytes: [UInt8] = []
        while let part = try await parts.next() {
            switch part {
            case .head: break
            case .body(let buffer):
                guard bytes.count + buffer.readableBytes <= limit else { return .tooLarge(limit: limit) }
                bytes.append(contentsOf: buffer.readableBytesView)
            case .end: return .whole(bytes)
            }
        }
        return .cutOff
    }
}
