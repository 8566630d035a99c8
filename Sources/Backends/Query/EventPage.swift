import Nostr

/// Stored events as canonical JSON, one behind the other in one buffer, newest first.
public struct EventPage: Sendable {
    /// The texts, without anything between them.
    public internal(set) var bytes: [UInt8] = []
    /// Where each text ends in `bytes`.
    public internal(set) var ends: [Int] = []
    /// The commit position of each event.
    public internal(set) var positions: [Int64] = []
    /// When the first of the events expires, in seconds since 1970; nil where none does.
    public private(set) var expiresAt: Int64?
    /// Whether the answer is complete with this page.
    public internal(set) var isLast = false
    /// Whether all pages together hold all that is stored; known with the last one.
    public internal(set) var completeness = Completeness.unknown {
        didSet {
            // What stands behind the answer may expire as well.
            if case .more(_, let expiresAt?) = self.completeness {
                self.expiresAt = min(self.expiresAt ?? .max, expiresAt)
            }
        }
    }

    public var count: Int { self.ends.count }

    /// The rows that what the page says rests on.
    public var heldPositions: [Int64] {
        guard case .more(let position, _) = self.completeness else { return self.positions }
        return self.positions + [position]
    }

    /// The bytes of the text with this index.
    public func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]
    }

    /// The canonical JSON of the event with this index.
    @_lifetime(borrow self)
    public func json(_ index: Int) -> Span<UInt8> { self.bytes.span.extracting(self.range(index)) }

    mutating func append(_ row: StoredRow, position: Int64) {
        if let expiresAt = row.expiresAt { self.expiresAt = min(self.expiresAt ?? .max, expiresAt) }
        self.append(row.json, position: position)
    }

    private mutating func append(_ json: Span<UInt8>, position: Int64) {
        json.withUnsafeBufferPointer { self.bytes.append(contentsOf: $0) }
        self.ends.append(self.bytes.count)
        self.positions.append(position)
    }

    /// Takes events out.
    mutating func remove(_ positions: Set<Int64>) {
        guard self.positions.contains(where: positions.contains) else { return }
        var rest = EventPage()
        rest.append(self, in: (0..<self.count).filter { !positions.contains(self.positions[$0]) })
        rest.isLast = self.isLast
        self = rest
    }

    /// Appends events of another page, in this order.
    mutating func append(_ page: borrowing EventPage, in order: some Sequence<Int>) {
        if let expiresAt = page.expiresAt { self.expiresAt = min(self.expiresAt ?? .max, expiresAt) }
        for index in order { self.append(page.json(index), position: page.positions[index]) }
    }

    /// Makes room for so many events of usual size.
    mutating func reserve(_ count: Int, atMost bytes: Int) {
        let count = min(count, 1_000)
        self.bytes.reserveCapacity(min(count * 640, bytes))
        self.ends.reserveCapacity(count)
        self.positions.reserveCapacity(count)
    }

    /// The same page without the room that was made for more: for one that is kept.
    public func trimmed() -> EventPage {
        var page = self
        // A slice of a whole array would share its memory.
        page.bytes = self.bytes.withUnsafeBufferPointer { [UInt8]($0) }
        page.ends = self.ends.withUnsafeBufferPointer { [Int]($0) }
        page.positions = self.positions.withUnsafeBufferPointer { [Int64]($0) }
        return page
    }

    /// Puts the events from `start` on, which nothing but their ids tells apart, in the order of their ids, and drops
    /// those beyond `count`; returns the position of one that was dropped.
    @discardableResult
    mutating func sortByID(from start: Int, _ direction: StoredQuery.Direction, keeping count: Int) -> Int64? {
        var events = (start..<self.count).compactMap { index in
            Event.id(ofCanonical: self.json(index)).map { (id: $0, json: [UInt8](self.json(index)), index: index) }
        }
        events.sort { direction == .newestFirst ? $0.id < $1.id : $1.id < $0.id }
        let positions = self.positions
        self.bytes.removeSubrange((start == 0 ? 0 : self.ends[start - 1])...)
        self.ends.removeSubrange(start...)
        self.positions.removeSubrange(start...)
        for event in events.prefix(count) { self.append(event.json.span, position: positions[event.index]) }
        return events.dropFirst(count).first.map { positions[$0.index] }
    }
}
