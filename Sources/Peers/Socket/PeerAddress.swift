/// Where another relay listens: the parts of a `ws://` or `wss://` URL.
public struct PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address, IPv6 without brackets.
    public let host: String
    /// Nil where the scheme says it.
    public let port: Int?
    /// What the request asks for: path and query.
    public let target: String
    /// Whether the connection is encrypted (`wss`).
    public let isSecure: Bool
    /// The URL as it was written.
    public let description: String

    public init(host: String, port: Int?, target: String, isSecure: Bool, text: String) {
        self.host = host
        self.port = port
        self.target = target
        self.isSecure = isSecure
        self.description = text
    }

    /// The port that is connected to.
    var effectivePort: Int { self.port ?? (self.isSecure ? 443 : 80) }

    /// Host and port as the Host header names them (RFC 9110 §7.2).
    var authority: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port.map { "\(host):\($0)" } ?? host
    }
}
