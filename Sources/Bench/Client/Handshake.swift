/// The client's side of a WebSocket's opening (RFC 6455 §4.1), as bytes.
enum Handshake {
    /// The request; its key is a constant, for nothing here caches answers.
    static func request(_ address: RelayURL) -> [UInt8] {
        let lines = [
            "GET \(address.path) HTTP/1.1", "Host: \(address.authority)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: bWFydGxldCBiZW5jaCBjbA==", "Sec-WebSocket-Version: 13", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// How many bytes the answer's head has; nil while it is not whole.
    ///
    /// - Throws: where the answer is not 101, or no head of HTTP at all.
    static func headBytes(_ bytes: [UInt8]) throws(BenchFailure) -> Int? {
        guard let end = Self.end(bytes) else {
            guard bytes.count <= Self.maximumBytes else {
                throw BenchFailure("the relay answers with no end of a head")
            }
            return nil
        }
        let line = String(decoding: bytes.prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1.") else {
            throw BenchFailure("what listens there does not speak HTTP")
        }
        guard words[1] == "101" else { throw BenchFailure("the relay refuses the WebSocket: \(line)") }
        return end
    }

    private static let maximumBytes = 16_384

    private static func end(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        let mark = Array("\r\n\r\n".utf8)
        return (0...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual(mark) }.map { $0 + 4 }
    }
}
