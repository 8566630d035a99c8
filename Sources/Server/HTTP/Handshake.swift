import HTTPTypes
package import NIOHTTP1
package import Wire

/// The opening handshake of a WebSocket, judged by the book (RFC 6455, section 4.2).
package enum Handshake {
    /// What a request that may be one turns out to be.
    package enum Verdict {
        /// With the extension that was agreed upon.
        case accepted(PermessageDeflate?)
        case refused(HTTPAnswer)
    }

    /// Judges a request that asks to be upgraded to `websocket`.
    ///
    /// - Parameter compression: what is agreed to of permessage-deflate; nil for none of it.
    package static func judge(_ head: HTTPRequestHead, compression: CompressionTerms?) -> Verdict {
        guard head.method == .GET else {
            return .refused(.refusal(.methodNotAllowed, [.allow: "GET"]))
        }
        let path = head.uri.prefix { $0 != "?" }
        guard path == "/" else { return .refused(.refusal(.notFound)) }
        guard head.version == .http1_1, head.headers[canonicalForm: "host"].count == 1 else {
            return .refused(.refusal(Self.malformed("A WebSocket opens with HTTP/1.1 and one Host header.")))
        }
        let options = head.headers[canonicalForm: "connection"]
        guard options.contains(where: { $0.lowercased() == "upgrade" }) else {
            return .refused(.refusal(Self.malformed("A WebSocket opens with the header Connection: Upgrade.")))
        }
        let versions = head.headers[canonicalForm: "sec-websocket-version"]
        guard versions.count == 1, versions[0] == "13" else {
            return .refused(.refusal(.upgradeRequired, [.secWebSocketVersion: "13", .upgrade: "websocket"]))
        }
        let keys = head.headers[canonicalForm: "sec-websocket-key"]
        guard keys.count == 1, Self.isKey(String(keys[0])) else {
            return .refused(.refusal(Self.malformed("The Sec-WebSocket-Key header holds 16 bytes in base64.")))
        }
        do {
            let offers = head.headers[canonicalForm: "sec-websocket-extensions"].map(String.init)
            let agreed = try PermessageDeflate.negotiate(
                offers.isEmpty ? [] : [offers.joined(separator: ", ")],
                clientContextBytes: compression?.clientContextBytes ?? 0
            )
            return .accepted(compression == nil ? nil : agreed)
        } catch {
            return .refused(.refusal(Self.malformed("The Sec-WebSocket-Extensions header is malformed.")))
        }
    }

    /// Whether a text is 16 bytes in base64: 22 digits, the last of them with four zero bits, and `==`.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes.suffix(2) == [UInt8(ascii: "="), UInt8(ascii: "=")],
            "AQgw".utf8.contains(bytes[21])
        else { return false }
        return bytes.prefix(22).allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
            default: false
            }
        }
    }

    private static func malformed(_ sentence: String) -> ErrorPage {
        ErrorPage(status: 400, title: "Malformed handshake", sentence: sentence)
    }
}
