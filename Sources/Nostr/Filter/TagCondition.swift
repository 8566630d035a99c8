/// One `#x` field of a filter: a tag of this letter with one of these values (NIP-01).
public struct TagCondition: Sendable, Hashable {
    /// ASCII a-z or A-Z.
    public let letter: UInt8
    /// Distinct values in canonical form.
    public let values: [[UInt8]]

    public init(letter: UInt8, values: [[UInt8]]) {
        self.letter = letter
        self.values = values
    }

    /// The values as keys that an event's indexed tags can be compared with.
    public var keys: [TagKey] { self.values.map { TagKey(letter: self.letter, value: $0.span) } }
}
