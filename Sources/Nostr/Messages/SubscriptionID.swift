/// A client's name for a subscription (NIP-01), in canonical JSON form, ready to be spliced into messages.
public struct SubscriptionID: Hashable, Sendable, CustomStringConvertible {
    /// The text between the quotes.
    public let canonical: [UInt8]

    init(canonical: [UInt8]) { self.canonical = canonical }

    public init(_ text: String) {
        var canonical: [UInt8] = []
        CanonicalText.append(text, to: &canonical)
        self.canonical = canonical
    }

    /// Unicode scalars in the id.
    var characters: Int { self.description.unicodeScalars.count }

    public var description: String { CanonicalText.decode(self.canonical.span) }
}
