import Nostr

/// The entries of one index under one prefix, in the order of the answer, fetched a few at a time.
struct IndexStream: Sendable {
    enum Prefix: Sendable {
        /// By the hash of letter and value; the value is what the event must really hold.
        case tag(hash: Int64, letter: UInt8, value: [UInt8])
        case author(Int64, Kind)
        case kind(Kind)
        case time
        /// Entries that were all looked up when the stream was opened.
        case list
    }

    let prefix: Prefix
    /// Fetched entries; those before `next` are used up.
    var entries: [IndexEntry] = []
    var next = 0
    /// How many entries to fetch when the next ones are needed; grows, so that a long stream costs few fetches.
    var chunk: Int
    /// Whether the index has no further entries.
    var isExhausted = false
    /// The last entry fetched, or where the stream starts: the next fetch goes on behind it.
    var last: IndexEntry?

    /// - Parameter start: what the stream's entries lie behind.
    init(_ prefix: Prefix, chunk: Int, behind start: IndexEntry? = nil) {
        self.prefix = prefix
        self.chunk = chunk
        self.last = start
    }

    /// The foremost entry that is fetched and not used up.
    var head: IndexEntry? { self.next < self.entries.count ? self.entries[self.next] : nil }

    /// Where the stream stands in a merge: at its head, or, where nothing is fetched yet or a fetch looked at many rows
    /// for nothing, at the place behind which the head is yet to be found. Nil at its end.
    var front: IndexEntry? { self.head ?? (self.isExhausted ? nil : self.last) }
}
