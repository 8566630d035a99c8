/// What client and server agreed on for permessage-deflate (RFC 7692 §7).
public struct PermessageDeflate: Equatable, Sendable {
    /// Whether a message of the server may refer back to those before it; whether one does is the server's affair.
    let serverMayTakeOver: Bool
    /// The client's limit on the server's window; nil when it set none.
    private let serverMaxWindowBits: Int?
    /// The end of what a client has sent to which its messages may refer back, in bytes; 0 for none.
    let clientContextBytes: Int
    /// The limit on the client's window that the response sets; nil for none.
    private let clientMaxWindowBits: Int?

    /// The base-2 logarithm of the window that the server may compress with, 9 to 15.
    var serverWindowBits: Int { self.serverMaxWindowBits ?? 15 }

    /// The value of the response's Sec-WebSocket-Extensions field.
    ///
    /// Where the client's messages stand each for itself its window is not limited: inflating takes the largest one
    /// anyway, and takes it once for each event loop.
    public var headerValue: String {
        var value = "permessage-deflate"
        if !self.serverMayTakeOver { value += "; server_no_context_takeover" }
        if self.clientContextBytes == 0 { value += "; client_no_context_takeover" }
        if let bits = self.serverMaxWindowBits { value += "; server_max_window_bits=\(bits)" }
        if let bits = self.clientMaxWindowBits { value += "; client_max_window_bits=\(bits)" }
        return value
    }

    /// Accepts the first offer that can be kept among the request's Sec-WebSocket-Extensions values; nil without one.
    ///
    /// - Parameter clientContextBytes: what may be kept of a client's messages so that it can refer back to them, 512
    ///   bytes to 32 KiB, or 0. A client that cannot limit itself to that much gets no context.
    /// - Throws: `MalformedExtensions` when a value breaks the grammar, whatever the offers before it: the handshake
    ///   must fail (RFC 6455 §9.1).
    public static func negotiate(
        _ headerValues: [String],
        clientContextBytes: Int = 0
    ) throws(MalformedExtensions) -> PermessageDeflate? {
        var accepted: PermessageDeflate?
        for value in headerValues {
            var parser = ExtensionParser(value)
            while let offer = try parser.next() {
                accepted = accepted ?? DeflateOffer(offer).map { PermessageDeflate($0, clientContextBytes) }
            }
        }
        return accepted
    }

    private init(_ offer: DeflateOffer, _ clientContextBytes: Int) {
        self.serverMayTakeOver = !offer.serverNoContext
        self.serverMaxWindowBits = offer.serverMaxWindowBits
        let keptBits = clientContextBytes < 512 ? 0 : min(15, Int.bitWidth - 1 - clientContextBytes.leadingZeroBitCount)
        let limit = offer.clientMaxWindowBits.map { min($0, keptBits) }
        // Only a client that names the parameter understands it in the response (RFC 7692 §7.1.2.2).
        guard keptBits > 0, !offer.clientNoContext, limit != nil || keptBits == 15 else {
            self.clientContextBytes = 0
            self.clientMaxWindowBits = nil
            return
        }
        self.clientContextBytes = 1 << (limit ?? 15)
        self.clientMaxWindowBits = limit
    }
}
