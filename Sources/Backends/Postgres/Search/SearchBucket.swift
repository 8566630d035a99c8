/// A stretch of time that a word in the index stands for.
///
/// An index of PostgreSQL's does not give its rows in an order. So that the newest of many rows are found without
/// fetching all, each event has such a word for each level, and small stretches are asked for before large ones.
struct SearchBucket: Sendable, Hashable {
    /// Of each level the power of two of its seconds: an hour, a day, two weeks, half a year, eight years.
    private static let shifts: [Int64] = [12, 16, 20, 24, 28]
    /// Times beyond the year 2514 are one.
    private static let latest: Int64 = (1 << 34) - 1

    let level: Int
    private let number: Int64

    /// The stretch that holds a second; nil beyond the last level, where all that is left is one stretch.
    init?(of second: Int64, level: Int) {
        guard Self.shifts.indices.contains(level) else { return nil }
        self.level = level
        self.number = min(max(second, 0), Self.latest) >> Self.shifts[level]
    }

    /// Its first second.
    var start: Int64 { self.number << Self.shifts[self.level] }

    /// The word that stands for it.
    var word: String { "@\(self.level)" + String(self.number, radix: 36) }

    /// The words for all stretches that hold a second.
    static func words(of second: Int64) -> [String] {
        Self.shifts.indices.compactMap { SearchBucket(of: second, level: $0)?.word }
    }
}
