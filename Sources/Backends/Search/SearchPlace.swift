/// How far the search index has been read, from the newest event on.
struct SearchPlace: Sendable, Hashable {
    /// Seconds since 1970, of the last event.
    var createdAt: Int64
    /// Its row: see `CommitPosition`.
    var position: Int64
    /// How large a stretch of time is asked for next, where stretches have sizes.
    var level = 0

    /// In front of all events of a second and of those before it.
    static func through(_ second: Int64) -> SearchPlace { SearchPlace(createdAt: second, position: .max) }
}

/// A stretch of what the index names.
struct SearchStretch {
    /// Rows, newest event first; some may be gone.
    var positions: [Int64] = []
    /// Where the next stretch begins; nil where there is none.
    var next: SearchPlace?
}
