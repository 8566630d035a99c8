/// Why an object is no event (NIP-01).
public struct EventError: Error, Equatable, CustomStringConvertible {
    /// The text of the `id` field in canonical form, where there was one to answer with; 128 bytes at most.
    public let claimedID: [UInt8]?
    /// One sentence, without a prefix.
    public let text: String
    /// Whether the text is not even JSON, or not an object.
    public let isMalformedJSON: Bool

    init(claimedID: [UInt8]?, text: String, isMalformedJSON: Bool = false) {
        self.claimedID = claimedID
        self.text = text
        self.isMalformedJSON = isMalformedJSON
    }

    public var description: String { self.text }
}
