public import Nostr
import Synchronization

/// A counter for each of the common kinds and one for all others, so that clients cannot invent labels.
public final class KindCounters: Sendable {
    /// The kinds that have a counter of their own.
    public static let common: [Kind] = [
        0, 1, 3, 4, 5, 6, 7, 14, 16, 20, 1059, 1063, 1111, 1311, 1984, 9734, 9735, 9802, 10_000, 10_002, 10_050,
        22_242, 24_133, 30_000, 30_003, 30_023, 30_078, 30_311, 31_990, 34_550,
    ]
    private static let slots = Dictionary(uniqueKeysWithValues: KindCounters.common.enumerated().map { ($1, $0) })
    private let counters = Counters(count: KindCounters.common.count + 1)

    public init() {}

    func add(_ kind: Kind) { self.counters.add(1, at: Self.slots[kind] ?? Self.common.count) }

    /// Label and count of every counter that is not zero.
    public var values: [(label: String, count: Int)] {
        self.counters.values.enumerated().compactMap { slot, count in
            guard count > 0 else { return nil }
            return (slot < Self.common.count ? Self.common[slot].description : "other", count)
        }
    }
}
