import Nostr

/// When authors last wrote events of a kind, as far as a session has seen: whoever has been silent for long need not be
/// asked again.
///
/// What is kept is a bound: no event of the author and kind that was committed up to `position` is newer. Removals
/// leave it true.
struct NewestEvents {
    struct Key: Hashable {
        let author: Int64
        let kind: Kind
    }

    /// Seconds since 1970; `.min` where there was none.
    private var times: [Key: Int64] = [:]
    /// The commit position up to which the bounds hold.
    private(set) var position: Int64 = 0
    private let maximumCount: Int

    init(maximumCount: Int = 100_000) { self.maximumCount = maximumCount }

    var isEmpty: Bool { self.times.isEmpty }

    /// The bound; nil where nothing is known.
    func bound(_ key: Key) -> Int64? { self.times[key] }

    /// Notes the newest event up to `position`, or that there is none.
    mutating func note(_ key: Key, _ time: Int64?) {
        if self.times.count >= self.maximumCount { self.times.removeAll(keepingCapacity: true) }
        self.times[key] = time ?? .min
    }

    /// Notes an event that was committed after `position`.
    mutating func raise(_ key: Key, to time: Int64) {
        guard let known = self.times[key], known < time else { return }
        self.times[key] = time
    }

    /// Says that all events up to a position have been noted.
    mutating func advance(to position: Int64) { self.position = position }

    /// Forgets everything; what is noted from now on holds up to a position.
    mutating func forget(at position: Int64) {
        self.times.removeAll(keepingCapacity: true)
        self.position = position
    }
}
