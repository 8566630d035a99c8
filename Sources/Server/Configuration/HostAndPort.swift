/// The `HOST:PORT` of an address to listen on or of a URL; IPv6 stands in brackets.
struct HostAndPort: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address, in lower case, without brackets.
    let host: String
    /// 0 to 65535, or nil where there is none.
    let port: Int?

    /// - Throws: `InvalidText` where the host is neither a name nor an address, or the port is beyond 65535.
    init(parsing text: some StringProtocol) throws(InvalidText) {
        let text = Substring(text)
        guard text.first == "[" else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw InvalidText("an IPv6 address stands in brackets, as in [::1]:7777") }
            host = try Self.name(parts[0])
            port = parts.count == 2 ? try Self.port(parts[1]) : nil
            return
        }
        guard let end = text.firstIndex(of: "]") else { throw InvalidText("the bracket does not close") }
        let address = text[text.index(after: text.startIndex)..<end]
        _ = try IPAddress.v6Bits(address)
        host = address.lowercased()
        var rest = text[text.index(after: end)...]
        let hasPort = rest.take(":")
        guard hasPort || rest.isEmpty else { throw InvalidText("after the bracket only a port may follow") }
        port = hasPort ? try Self.port(rest) : nil
    }

    /// The text that reads as this value.
    var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(host):\($0)" } ?? host
    }

    private static func port(_ text: Substring) throws(InvalidText) -> Int {
        var rest = text
        guard let port = try? rest.takeWholeNumber(), rest.isEmpty, port <= 65535 else {
            throw InvalidText("the port is a whole number up to 65535")
        }
        return port
    }

    private static func name(_ text: Substring) throws(InvalidText) -> String {
        guard !text.isEmpty else { throw InvalidText("the host is missing") }
        if text.allSatisfy({ $0 == "." || ("0"..."9").contains($0) }) {
            _ = try IPAddress.v4Bits(text)
            return String(text)
        }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { (1...63).contains($0.utf8.count) && $0.utf8.allSatisfy(isNameByte) }
        guard isName, text.utf8.count <= 253 else { throw InvalidText("the host is neither a name nor an address") }
        return text.lowercased()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
