/// What a corpus follows from: the same four numbers give the same events on every machine.
public struct CorpusShape: Sendable, Hashable {
    public let events: Int
    public let authors: Int
    public let seed: UInt64
    /// When the first event was made, in seconds since 1970; each further one is a second younger.
    public let base: Int64

    /// Takes at least one author and no negative number of events.
    public init(events: Int, authors: Int, seed: UInt64, base: Int64) {
        precondition(events >= 0 && authors > 0, "A corpus has an author and no negative number of events.")
        self.events = events
        self.authors = authors
        self.seed = seed
        self.base = base
    }
}
