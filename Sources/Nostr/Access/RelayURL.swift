/// A relay's URL as far as it tells one relay from another: host, port and path.
///
/// `ws` and `wss` are the same relay, and so are `http` and `https`; the case of the host, the scheme's own port,
/// slashes at the end, a query and a fragment make no difference (NIP-42, NIP-62, NIP-98).
public struct RelayURL: Hashable, Sendable {
    /// In lower case, without a dot at its end; of IPv6 without brackets.
    public let host: String
    /// Nil for the one that the scheme has.
    public let port: UInt16?
    /// Without slashes at its end: empty for the root.
    public let path: String

    private static let longestBytes = 2_048

    /// Nil for what is no URL of a relay.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longestBytes, let (scheme, rest) = Self.split(Substring(text)) else { return nil }
        let usualPort: UInt16
        switch scheme.lowercased() {
        case "ws", "http": usualPort = 80
        case "wss", "https": usualPort = 443
        default: return nil
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), let (host, port) = Self.address(authority) else { return nil }
        self.host = host
        self.port = port == usualPort ? nil : port
        var path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
        while path.last == "/" { path.removeLast() }
        self.path = String(path)
    }

    /// The scheme, and what follows its slashes.
    private static func split(_ text: Substring) -> (scheme: Substring, rest: Substring)? {
        let scheme = text.prefix { $0 != ":" }
        let rest = text.dropFirst(scheme.count)
        return rest.hasPrefix("://") ? (scheme, rest.dropFirst(3)) : nil
    }

    private static func address(_ authority: Substring) -> (host: String, port: UInt16?)? {
        var host = authority
        var port: UInt16?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            if rest.count > 1 {
                guard let number = UInt16(rest.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            if !digits.isEmpty {
                guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt16(digits) else { return nil }
                port = number
            }
        }
        if host.last == "." { host.removeLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        return (host.lowercased(), port)
    }
}
