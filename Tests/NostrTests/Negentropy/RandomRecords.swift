import TestSupport

@testable import Nostr

/// Records at random: many of one second, and ids that have much of their beginning in common. Their ends are random,
/// as hashes are: sums of regular ids may well be the same.
struct RandomRecords {
    private var generator: SplitMix64
    /// An id is made once: it follows from the time, among others.
    private var made: Set<EventID> = []

    init(seed: UInt64) { self.generator = SplitMix64(seed: seed) }

    mutating func item(seconds: Int) -> NegentropyItem {
        var bytes = self.generator.bytes(32)
        if self.generator.once(in: 4) {
            let common = self.generator.below(24)
            bytes.replaceSubrange(..<common, with: [UInt8](repeating: UInt8(self.generator.below(3)), count: common))
        }
        guard let id = Bytes32(bytes).map(EventID.init) else { preconditionFailure("An id has 32 bytes.") }
        guard self.made.insert(id).inserted else { return self.item(seconds: seconds) }
        let time = UInt64(1_700_000_000 + self.generator.below(seconds))
        return NegentropyItem(timestamp: time, id: id)
    }

    /// Two sides that have `common` records in common, and some of their own.
    mutating func sides(common: Int, left: Int, right: Int, seconds: Int) -> (Set<NegentropyItem>, Set<NegentropyItem>)
    {
        let shared = (0..<common).map { _ in self.item(seconds: seconds) }
        let own = (0..<left).map { _ in self.item(seconds: seconds) }
        let theirs = (0..<right).map { _ in self.item(seconds: seconds) }
        return (Set(shared + own), Set(shared + theirs))
    }
}
