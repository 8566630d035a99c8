/// Where a relay listens: the parts of a `ws://` URL.
public struct RelayURL: Sendable, Equatable {
    public let host: String
    public let port: UInt16
    /// What the request asks for, query included.
    public let path: String

    /// Reads `ws://host[:port][/path]`; an IPv6 address stands in brackets.
    public init(_ url: String) throws(BenchFailure) {
        let lower = url.lowercased()
        guard !lower.hasPrefix("wss://") else {
            throw BenchFailure(
                "\(url) needs TLS, which the load generator does not speak: name the relay's ws:// address"
            )
        }
        guard lower.hasPrefix("ws://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw BenchFailure("\(url) is not a URL like ws://127.0.0.1:7777")
        }
        let rest = url.dropFirst(5)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count)
        let (host, port) = Self.split(authority)
        guard !host.isEmpty, let number = port.isEmpty ? 80 : UInt16(port), number > 0 else {
            throw BenchFailure("\(url) is not a URL like ws://127.0.0.1:7777")
        }
        self.host = String(host)
        self.port = number
        self.path = path.isEmpty ? "/" : path.hasPrefix("/") ? String(path) : "/" + path
    }

    private static func split(_ authority: Substring) -> (host: Substring, port: Substring) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return ("", "") }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            return rest.isEmpty ? (host, "") : rest.hasPrefix(":") ? (host, rest.dropFirst()) : ("", "")
        }
        guard let colon = authority.lastIndex(of: ":") else { return (authority, "") }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    /// The host and the port as an HTTP header names them.
    var authority: String { (self.host.contains(":") ? "[\(self.host)]" : self.host) + ":\(self.port)" }
}
