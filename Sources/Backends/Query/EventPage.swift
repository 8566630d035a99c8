import Nostr

/// Stored events as canonical JSON, one behind the other in one buffer, newest first.
public struct EventPage: Sendable {
    /// The texts, without anything between them.
    public internal(set) var bytes: [UInt8] = []
    /// Where each text ends in `bytes`.
    public internal(set) var ends: [Int] = []
    /// The commit position of each event.
    public internal(set) var positions: [Int64] = []
    /// Whether the answer is complete with this page.
    public internal(set) var isLast = false

    public var count: Int { self.ends.count }

    /// The bytes of the text with this index.
    public func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]
    }

    /// The canonical JSON of the event with this index.
    @_lifetime(borrow self)
    public func json(_ index: Int) -> Span<UInt8> { self.bytes.span.extracting(self.range(index)) }

    mutating func append(_ json: [UInt8], position: Int64) {
        self.bytes.append(contentsOf: json)
        self.ends.append(self.bytes.count)
        self.positions.append(position)
    }
}
