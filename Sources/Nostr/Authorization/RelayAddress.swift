/// What two URLs of a relay are compared by: host, port and path. `ws`, `wss`, `http` and `https` are the same, and so are
/// letters in either case of the host, a port that is the scheme's own or not named, and a slash at the end or none.
public struct RelayAddress: Hashable, Sendable {
    private let host: String
    /// Nil for the scheme's own.
    private let port: Int?
    private let path: String

    /// Nil where the text is no such URL, or has a user, a query or a fragment.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 2_048, let mark = text.firstRange(of: "://") else { return nil }
        let own: Int
        switch text[..<mark.lowerBound].lowercased() {
        case "ws", "http": own = 80
        case "wss", "https": own = 443
        default: return nil
        }
        let rest = text[mark.upperBound...]
        guard !rest.utf8.contains(where: { "@?#\\ ".utf8.contains($0) }) else { return nil }
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        var host = authority[...]
        var port: Int?
        // The last colon begins the port, unless it stands inside the brackets of an IPv6 address.
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            let digits = authority[authority.index(after: colon)...]
            guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), (1...65_535).contains(number)
            else { return nil }
            host = authority[..<colon]
            port = number == own ? nil : number
        }
        guard !host.isEmpty else { return nil }
        self.host = host.lowercased()
        self.port = port
        self.path = String(path)
    }
}
