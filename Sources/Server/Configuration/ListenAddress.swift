/// Where the relay accepts connections.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A host name or IP address (IPv6 without brackets) and a port; port 0 is any free one.
    case tcp(host: String, port: Int)
    /// The path of a Unix socket, at most 107 bytes.
    case unix(path: String)

    /// Reads `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`.
    ///
    /// - Throws: `InvalidText` where the text is none of them.
    public init(parsing text: some StringProtocol) throws(InvalidText) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            // sun_path holds 108 bytes, the last of them a zero.
            guard (1...107).contains(path.utf8.count) else { throw InvalidText("the path has 1 to 107 bytes") }
            guard !path.unicodeScalars.contains(where: \.isControl) else {
                throw InvalidText("the path has a control character")
            }
            self = .unix(path: String(path))
            return
        }
        let address = try HostAndPort(parsing: text)
        guard let port = address.port else { throw InvalidText("the port is missing") }
        self = .tcp(host: address.host, port: port)
    }

    /// Whether only this machine can connect.
    public var isLoopback: Bool {
        switch self {
        case .unix: true
        case .tcp("localhost", _): true
        case .tcp(let host, _): (try? IPAddress(parsing: host))?.isLoopback ?? false
        }
    }

    /// The text that reads as this value.
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
