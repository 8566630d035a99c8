import TestSupport
import Testing

@testable import Nostr

/// The header that authorizes an HTTP request (NIP-98).
@Suite struct HTTPAuthorizationTests {
    private static let now: Int64 = 1_700_000_000
    private static let body = Array(#"{"method":"supportedmethods","params":[]}"#.utf8)
    private static let keys = KeyPair.random()

    /// The header with which a request is authorized; every part of it can be changed.
    private static func header(
        scheme: String = "Nostr",
        kind: Kind = 27_235,
        createdAt: Int64 = now,
        url: [String]? = ["u", "wss://relay.example.com/"],
        method: [String]? = ["method", "POST"],
        payload: [String]? = ["payload", SHA256.digest(body).hex],
        more: [[String]] = []
    ) throws -> String {
        let tags = [url, method, payload].compactMap(\.self) + more
        let event = try #require(Event.signed(by: Self.keys, kind: kind, tags: tags, createdAt: createdAt))
        return "\(scheme) \(Self.base64(event.json))"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(digits[bits >> (18 - 6 * place) & 63]) }
            text += String(repeating: "=", count: 3 - group.count)
        }
        return text
    }

    private static func judge(_ header: String?) throws(HTTPAuthorizationError) -> HTTPAuthorization {
        let url = RelayURL("wss://relay.example.com")!
        return try HTTPAuthorization(header: header, method: "POST", url: url, body: body, now: now)
    }

    @Test func `line 93: a good header tells who asks, and how long it is good`() throws {
        let authorization = try Self.judge(Self.header())
        #expect(authorization.pubkey == Self.keys.publicKey)
        #expect(authorization.endsAt == Self.now + 60)
    }

    @Test(arguments: ["ws://relay.example.com", "https://RELAY.example.com:443/", "http://relay.example.com"])
    func `line 93: the URL may be written in any of its forms`(url: String) throws {
        _ = try Self.judge(Self.header(url: ["u", url]))
    }

    @Test func `the scheme's letters are of either case, and padding may be left out`() throws {
        _ = try Self.judge(Self.header(scheme: "nostr"))
        let header = try Self.header(more: [["x"]])
        var unpadded = header
        while unpadded.last == "=" { unpadded.removeLast() }
        _ = try Self.judge(unpadded)
    }

    @Test func `line 93: what is no authorization is refused by its reason`() throws {
        #expect(throws: HTTPAuthorizationError.missing) { try Self.judge(nil) }
        for header in ["", "Nostr", "Basic YTpi", "Bearer x"] {
            #expect(throws: HTTPAuthorizationError.wrongScheme) { try Self.judge(header) }
        }
        for header in ["Nostr {}", "Nostr a", "Nostr YQ===", "Nostr YR==", "Nostr YWI=YWI="] {
            #expect(throws: HTTPAuthorizationError.notBase64) { try Self.judge(header) }
        }
        for text in ["", "1", "[]", "{}", #"{"kind":27235}"#, String(repeating: "[", count: 10_000)] {
            let header = "Nostr " + Self.base64(Array(text.utf8)) + (text.isEmpty ? "====" : "")
            #expect(throws: HTTPAuthorizationError.self) { try Self.judge(header) }
        }
    }

    @Test func `line 93: kind, URL and method have to be those of the request`() throws {
        for kind in [1, 22_242, 27_234] as [Kind] {
            let header = try Self.header(kind: kind)
            #expect(throws: HTTPAuthorizationError.wrongKind(kind)) { try Self.judge(header) }
        }
        let urls: [[String]?] = [
            nil, ["u"], ["u", ""], ["u", "wss://other.example.com"], ["u", "wss://relay.example.com:8443"],
            ["u", "wss://relay.example.com/path"], ["u", "wss://relay.example.com/?a=b"], ["u", "relay.example.com"],
            ["U", "wss://relay.example.com"],
        ]
        for url in urls {
            let header = try Self.header(url: url)
            #expect(throws: HTTPAuthorizationError.wrongURL) { try Self.judge(header) }
        }
        for method in [nil, ["method"], ["method", "GET"], ["method", "post"], ["method", ""]] as [[String]?] {
            let header = try Self.header(method: method)
            #expect(throws: HTTPAuthorizationError.wrongMethod) { try Self.judge(header) }
        }
        let twice = try Self.header(more: [["u", "wss://relay.example.com"]])
        #expect(throws: HTTPAuthorizationError.wrongURL) { try Self.judge(twice) }
    }

    @Test(arguments: [-61, 61, -1_700_000_000, Int64.max - now])
    func `line 93: an event from another time is refused`(offset: Int64) throws {
        let header = try Self.header(createdAt: Self.now + offset)
        #expect(throws: HTTPAuthorizationError.wrongTime) { try Self.judge(header) }
    }

    @Test(arguments: [-60, 0, 60] as [Int64])
    func `line 93: clocks may be a minute apart`(offset: Int64) throws {
        _ = try Self.judge(Self.header(createdAt: Self.now + offset))
    }

    @Test func `line 94: the payload is demanded and is the hash of the body`() throws {
        let without = try Self.header(payload: nil)
        #expect(throws: HTTPAuthorizationError.noPayload) { try Self.judge(without) }
        let other = try Self.header(payload: ["payload", SHA256.digest([]).hex])
        #expect(throws: HTTPAuthorizationError.wrongPayload) { try Self.judge(other) }
    }

    @Test func `a signature of somebody else's is refused`() throws {
        let tags = [["u", "wss://relay.example.com"], ["method", "POST"], ["payload", SHA256.digest(Self.body).hex]]
        let event = try #require(Event.signed(by: Self.keys, kind: 27_235, tags: tags, createdAt: Self.now))
        var json = event.json
        let digit = json.count - 3
        json[digit] = json[digit] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        let header = "Nostr \(Self.base64(json))"
        #expect(throws: HTTPAuthorizationError.wrongSignature) { try Self.judge(header) }
    }
}
