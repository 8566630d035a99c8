/// One offer of permessage-deflate that can be kept (RFC 7692 §7.1).
struct DeflateOffer {
    /// The client will not keep what the server sent.
    private(set) var serverNoContext = false
    /// The client will not refer back to what it sent.
    private(set) var clientNoContext = false
    /// The largest window that the server may use, 9 to 15; nil for any.
    private(set) var serverMaxWindowBits: Int?
    /// The largest window that the client would use, 8 to 15; nil when it would not understand a limit.
    private(set) var clientMaxWindowBits: Int?

    /// Nil for another extension, and for an offer that is declined: a parameter is unknown, repeated or ill-valued.
    init?(_ offer: ExtensionOffer) {
        guard offer.name == "permessage-deflate" else { return nil }
        var seen: Set<String> = []
        for parameter in offer.parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch parameter.name {
            case "server_no_context_takeover":
                guard parameter.value == nil else { return nil }
                self.serverNoContext = true
            case "client_no_context_takeover":
                guard parameter.value == nil else { return nil }
                self.clientNoContext = true
            case "client_max_window_bits":
                guard let bits = parameter.value.map(Self.windowBits) ?? 15 else { return nil }
                self.clientMaxWindowBits = bits
            case "server_max_window_bits":
                // zlib cannot write a raw stream with a window of 2^8 bytes: it would use 2^9.
                guard let bits = parameter.value.flatMap(Self.windowBits), bits > 8 else { return nil }
                self.serverMaxWindowBits = bits
            default:
                return nil
            }
        }
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
