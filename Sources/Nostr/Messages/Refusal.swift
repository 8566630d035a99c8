/// An expected failure, with the machine-readable prefix that OK, CLOSED and NEG-ERR carry (NIP-01, NIP-42, NIP-77).
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Prefix: String, Sendable, CaseIterable {
        case duplicate, pow, blocked, invalid, restricted, mute, error, unsupported
        case rateLimited = "rate-limited"
        case authRequired = "auth-required"
        /// Of NEG-ERR alone (NIP-77).
        case closed
    }

    public let prefix: Prefix
    /// One sentence for a person, without the prefix.
    public let text: String

    public init(_ prefix: Prefix, _ text: String) {
        self.prefix = prefix
        self.text = text
    }

    /// `prefix: text`, the form of the protocol.
    public var description: String { "\(self.prefix.rawValue): \(self.text)" }
}
