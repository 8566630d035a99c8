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
    /// - Parameter next: the parts of the request, one after the other; its head may be among them.
    init(
        of request: HTTPRequest,
        upTo limit: Int?,
        next: () async throws -> HTTPRequestPart?
    ) async throws {
        guard let limit else {
            self = .unread
            return
        }
        // What says of itself that it is too large need not be sent.
        if let length = request.headerFields[.contentLength].flatMap({ Int($0) }), length > limit {
            self = .tooLarge(limit: limit)
            return
        }
        var bytes: [UInt8] = []
        while let part = try await next() {
            switch part {
            case .head: break
            case .body(let buffer):
                guard bytes.count + buffer.readableBytes <= limit else {
                    self = .tooLarge(limit: limit)
                    return
                }
                bytes.append(contentsOf: buffer.readableBytesView)
            case .end:
                self = .whole(bytes)
                return
            }
        }
        self = .cutOff
    }
}
