public import Nostr

/// A count of stored events as it stands between two slices of work: no statement is open, all it needs is in here.
///
/// It counts what the reader may see at the second when it was asked for, each event once, whatever filters match it;
/// the filters' limits say nothing about it (NIP-45).
public struct StoredCount: Sendable {
    /// Who reads.
    public let readership: Readership
    /// Seconds since 1970; what has expired by then is not counted.
    public let now: Int64
    /// Index entries and rows that were looked at so far.
    public internal(set) var rows = 0
    /// Nanoseconds that it has taken so far, by the account of whoever asked for it.
    public var spentNanoseconds = 0

    let filters: [Filter]
    /// What is still to be counted; the last one comes first. No event belongs to two of them.
    var parts: [CountPart]
    var counted = 0
    private(set) var sketch: HyperLogLog?
    /// Events that had expired and are still in the indexes; nil before they were asked for.
    var expired: Set<Int64>?
    /// The look at some of all events that the rest is estimated by, where it is not counted.
    var sample: CountSample?

    /// - Parameter now: seconds since 1970.
    public init(_ filters: [Filter], readership: Readership, now: Int64) {
        self.filters = filters
        self.readership = readership
        self.now = now
        self.parts = CountPart.parts(of: filters, for: readership, now: now)
        self.sketch = filters.count == 1 ? HyperLogLog(for: filters[0]) : nil
    }

    /// Whether the answer is known.
    public var isComplete: Bool { self.sample?.isComplete ?? self.parts.isEmpty }

    /// Counts no further: the rest is estimated, by a sample that takes some slices more.
    public mutating func estimate() {
        guard self.sample == nil, !self.parts.isEmpty else { return }
        self.parts = []
        // Authors of a part of the events are worse than none: whoever merges them takes them for all.
        self.sketch = nil
        self.sample = CountSample(seed: UInt64(bitPattern: self.now))
    }

    /// The answer, once it is complete. An estimate is never below what was counted.
    public var answer: EventCount {
        guard let sample else { return EventCount(self.counted, sketch: self.sketch) }
        return EventCount(max(self.counted, sample.estimate), isApproximate: true)
    }

    /// What is asked for, without the values.
    public var shape: String { self.filters.map { "{\($0.shape)}" }.joined(separator: " ") }

    /// Counts the events of a page.
    mutating func take(_ page: borrowing EventPage) {
        self.counted += page.count
        guard self.sketch != nil else { return }
        for index in 0..<page.count {
            if let author = Event.author(ofCanonical: page.json(index)) { self.sketch?.note(author) }
        }
    }
}
