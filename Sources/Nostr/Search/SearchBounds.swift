/// What a `search` may hold, and what it looks at.
public struct SearchBounds: Sendable, Equatable {
    /// Unicode scalars in one search.
    public var characters: Int
    /// Words and phrases in one search.
    public var phrases: Int
    /// The kinds that are found by their words.
    public var kinds: KindRanges

    public init(characters: Int = 500, phrases: Int = 32, kinds: KindRanges) {
        self.characters = characters
        self.phrases = phrases
        self.kinds = kinds
    }
}
