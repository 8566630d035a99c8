import Nostr

/// The parameters of a management call, taken one after the other.
struct ManagementParameters {
    private var rest: ArraySlice<JSONValue>
    private static let longestReason = 1_000

    init(_ params: [JSONValue]) { self.rest = params[...] }

    mutating func pubkey() throws(ManagementError) -> PublicKey {
        guard let text = self.rest.popFirst()?.string, let key = PublicKey(hex: text) else {
            throw ManagementError("the first parameter is a public key, 64 lower-case hexadecimal digits")
        }
        return key
    }

    /// A public key, and a reason that nobody keeps.
    mutating func pubkeyAndReason() throws(ManagementError) -> PublicKey {
        let key = try self.pubkey()
        _ = try self.reason()
        return key
    }

    mutating func eventID() throws(ManagementError) -> EventID {
        guard let text = self.rest.popFirst()?.string, let id = EventID(hex: text) else {
            throw ManagementError("the first parameter is an event's id, 64 lower-case hexadecimal digits")
        }
        return id
    }

    mutating func kind() throws(ManagementError) -> UInt16 {
        guard let number = self.rest.popFirst()?.integer, let kind = UInt16(exactly: number) else {
            throw ManagementError("the first parameter is a kind, a whole number from 0 to 65535")
        }
        return kind
    }

    mutating func network() throws(ManagementError) -> Network {
        guard let text = self.rest.popFirst()?.string else {
            throw ManagementError("the first parameter is an IP address, as a text")
        }
        do {
            return try Network(parsing: text)
        } catch {
            throw ManagementError("the first parameter is an IP address or a network: \(error)")
        }
    }

    mutating func text(_ name: String, upTo longest: Int, allowsLines: Bool) throws(ManagementError) -> String {
        guard let text = self.rest.popFirst()?.string else { throw ManagementError("\(name) is a text") }
        guard text.unicodeScalars.count <= longest else {
            throw ManagementError("\(name) has \(longest) characters at most")
        }
        guard !text.unicodeScalars.contains(where: { $0.isControl && !(allowsLines && $0 == "\n") }) else {
            throw ManagementError("\(name) has a control character")
        }
        return text
    }

    /// The URL of a picture, or an empty text.
    mutating func webURL() throws(ManagementError) -> String {
        let text = try self.text("the icon's URL", upTo: 2_048, allowsLines: false)
        guard !text.isEmpty else { return text }
        do {
            return try AbsoluteURL(parsing: text, schemes: ["https", "http"]).description
        } catch {
            throw ManagementError("the icon is a URL such as https://example.com/icon.png: \(error)")
        }
    }

    /// A text that need not be there.
    mutating func reason() throws(ManagementError) -> String {
        switch self.rest.popFirst() {
        case nil, .null: return ""
        case .string(let text) where text.unicodeScalars.count <= Self.longestReason: return text
        case .string: throw ManagementError("a reason has \(Self.longestReason) characters at most")
        default: throw ManagementError("the reason is a text")
        }
    }

    func expectEnd() throws(ManagementError) {
        guard self.rest.isEmpty else { throw ManagementError("there are more parameters than the method has") }
    }
}
