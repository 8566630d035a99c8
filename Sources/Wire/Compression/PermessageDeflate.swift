/// What client and server agreed on for permessage-deflate (RFC 7692 §7): neither keeps context between messages.
public struct PermessageDeflate: Equatable, Sendable {
    /// The client's limit on the server's window; nil when it set none.
    private let serverMaxWindowBits: Int?

    /// The base-2 logarithm of the window that the server may compress with, 9 to 15.
    var serverWindowBits: Int { self.serverMaxWindowBits ?? 15 }

    /// The value of the response's Sec-WebSocket-Extensions field.
    ///
    /// It promises and demands a fresh context for each message. It never limits the client's window: inflating takes
    /// the largest one anyway, and takes it once for each event loop.
    public var headerValue: String {
        let limit = self.serverMaxWindowBits.map { "; server_max_window_bits=\($0)" } ?? ""
        return "permessage-deflate; server_no_context_takeover; client_no_context_takeover\(limit)"
    }

    /// Accepts the first offer that can be kept among the request's Sec-WebSocket-Extensions values; nil without one.
    ///
    /// - Throws: `MalformedExtensions` when a value breaks the grammar, whatever the offers before it: the handshake
    ///   must fail (RFC 6455 §9.1).
    public static func negotiate(_ headerValues: [String]) throws(MalformedExtensions) -> PermessageDeflate? {
        var accepted: PermessageDeflate?
        for value in headerValues {
            var parser = ExtensionParser(value)
            while let offer = try parser.next() {
                accepted = accepted ?? PermessageDeflate(accepting: offer)
            }
        }
        return accepted
    }

    /// Judges one offer by RFC 7692 §7.1: an unknown, repeated or ill-valued parameter declines it.
    private init?(accepting offer: ExtensionOffer) {
        guard offer.name == "permessage-deflate" else { return nil }
        var seen: Set<String> = []
        var serverMaxWindowBits: Int?
        for parameter in offer.parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch parameter.name {
            case "server_no_context_takeover", "client_no_context_takeover":
                guard parameter.value == nil else { return nil }
            case "client_max_window_bits":
                guard let value = parameter.value else { continue }
                guard Self.windowBits(value) != nil else { return nil }
            case "server_max_window_bits":
                // zlib cannot write a raw stream with a window of 2^8 bytes: it would use 2^9.
                guard let bits = parameter.value.flatMap(Self.windowBits), bits > 8 else { return nil }
                serverMaxWindowBits = bits
            default:
                return nil
            }
        }
        self.serverMaxWindowBits = serverMaxWindowBits
    }

    /// Reads 8 to 15 in decimal without leading zeros (RFC 7692 §7.1.2).
    private static func windowBits(_ value: String) -> Int? {
        switch value {
        case "8": 8
        case "9": 9
        case "10": 10
        case "11": 11
        case "12": 12
        case "13": 13
        case "14": 14
        case "15": 15
        default: nil
        }
    }
}
