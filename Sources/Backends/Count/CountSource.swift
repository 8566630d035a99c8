import Nostr

/// What a count needs of a database beside what the merge needs.
protocol CountSource: IndexSource {
    /// Passes over the next entries of streams, newest first, and moves the streams on; about `count` entries in all,
    /// and at least one.
    ///
    /// - Parameter positions: are passed over and not counted.
    func tally(
        _ streams: inout [IndexStream],
        in window: IndexWindow,
        atMost count: Int,
        leavingOut positions: Set<Int64>
    ) throws(StorageError) -> Tally
    /// The events that have expired by `now` and are not swept out yet; nil where they are too many to be left out one
    /// by one.
    func expired(by now: Int64) throws(StorageError) -> Set<Int64>?
    /// The kinds of which there are events, from `kind` on in ascending order.
    func storedKinds(from kind: Int, atMost count: Int) throws(StorageError) -> [Kind]
    /// Where all positions lie; nil where there is no event.
    func positions() throws(StorageError) -> ClosedRange<Int64>?

    /// Index entries that are passed over between two looks at the clock.
    static var entriesAtOnce: Int { get }
}

/// Index entries that were passed over.
struct Tally: Equatable {
    var passed = 0
    /// Those of them that count.
    var counted = 0
}
