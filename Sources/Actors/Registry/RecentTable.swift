/// What came lately, in a table of fixed size: where the few places for a hash are taken, their oldest entry goes.
struct RecentTable<Entry: Equatable & Sendable>: Sendable {
    /// With one place for each hash, a table that is a tenth full would have lost one of twenty entries.
    private static var ways: Int { 4 }
    private let buckets: Int
    private let empty: Entry
    /// The entries of one bucket stand together, the newest first; no memory is taken before the first one comes.
    private var entries: [Entry] = []

    /// - Parameters:
    ///   - count: entries at most, a power of two.
    ///   - empty: what stands where there is no entry.
    init(count: Int, empty: Entry) {
        self.buckets = count / Self.ways
        self.empty = empty
    }

    mutating func insert(_ entry: Entry, hash: UInt64) {
        if self.entries.isEmpty { self.entries = [Entry](repeating: self.empty, count: self.buckets * Self.ways) }
        let bucket = self.bucket(hash)
        let last = bucket.dropLast().first { self.entries[$0] == entry } ?? bucket.upperBound - 1
        for place in stride(from: last, to: bucket.lowerBound, by: -1) { self.entries[place] = self.entries[place - 1] }
        self.entries[bucket.lowerBound] = entry
    }

    func contains(_ entry: Entry, hash: UInt64) -> Bool {
        !self.entries.isEmpty && self.bucket(hash).contains { self.entries[$0] == entry }
    }

    private func bucket(_ hash: UInt64) -> Range<Int> {
        let start = (Int(truncatingIfNeeded: hash) & (self.buckets - 1)) * Self.ways
        return start..<start + Self.ways
    }
}
