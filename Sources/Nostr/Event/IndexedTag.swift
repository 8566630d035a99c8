/// A tag that filters can ask for: a name of one letter a-z or A-Z, and a value, its second element (NIP-01).
public struct IndexedTag: Sendable {
    /// The letter, ASCII.
    public let letter: UInt8
    /// Of letter and value; the same within one run of the process only.
    public let key: TagKey
    /// Where the canonical value stands in the event's JSON, without quotes.
    public let range: Range<Int>
}
