import Backends
import Testing

@testable import Nostr

extension StoreReader {
    /// The answer to a count, after as many slices as it takes.
    func answer(to count: StoredCount, bounds: PageBounds = PageBounds()) throws -> EventCount {
        var count = count
        // A slice does something in any case, so a count ends.
        for _ in 0..<1_000_000 where !count.isComplete { count = try self.advance(count, bounds: bounds) }
        try #require(count.isComplete, "a count does not end")
        return count.answer
    }

    /// How many events the operator is told, before anything expires.
    func count(_ filters: Filter...) throws -> Int {
        try self.answer(to: StoredCount(filters, readership: .operator, now: .min)).count
    }
}

/// The text that a canonical value stands for.
enum CanonicalTextProbe {
    static func decoded(_ value: [UInt8]) -> String { CanonicalText.decode(value.span) }
}
