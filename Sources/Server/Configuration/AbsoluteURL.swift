/// A URL with a scheme and a host, without user, password or fragment.
public struct AbsoluteURL: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without the colon.
    public let scheme: String
    /// A name or an address in lower case, IPv6 without brackets.
    public let host: String
    /// 1 to 65535, or nil where the URL leaves it to the scheme.
    public let port: Int?
    /// From the first slash to the query; a slash where the URL has none.
    public let path: String
    /// Without its question mark, or nil where there is none.
    public let query: String?
    /// The URL as it was written.
    public let description: String

    /// - Parameters:
    ///   - text: At most 2,048 bytes.
    ///   - schemes: Those that are allowed, in lower case.
    /// - Throws: `InvalidText` where the text is no such URL.
    public init(parsing text: some StringProtocol, schemes: [String]) throws(InvalidText) {
        guard text.utf8.count <= 2048 else { throw InvalidText("it is longer than 2048 bytes") }
        guard text.utf8.allSatisfy(Self.isAllowed) else {
            throw InvalidText("a URL has no spaces, quotes or letters beyond ASCII")
        }
        guard let mark = text.firstRange(of: "://") else { throw InvalidText("the scheme is missing") }
        scheme = text[..<mark.lowerBound].lowercased()
        guard schemes.contains(scheme) else {
            throw InvalidText("the scheme must be \(schemes.joined(separator: " or "))")
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { throw InvalidText("a public URL has no user and no password") }
        let address = try HostAndPort(parsing: authority)
        guard address.port != 0 else { throw InvalidText("the port is a whole number from 1 to 65535") }
        host = address.host
        port = address.port

        let target = rest.dropFirst(authority.count)
        guard !target.contains("#") else { throw InvalidText("a fragment (#) has no place here") }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].isEmpty ? "/" : String(parts[0])
        query = parts.count == 2 ? String(parts[1]) : nil
        description = String(text)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7f...0xff, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"): false
        default: true
        }
    }
}
