/// Asking a database at the end of a wire for many rows at once.
extension QueryRunner {
    /// Has the rows at these positions fetched, and with them those that will be asked for next.
    mutating func prepareRows(
        _ positions: [Int64],
        of query: borrowing StoredQuery,
        _ page: borrowing EventPage
    ) throws(StorageError) {
        guard Source.looksAhead else { return }
        let count = positions.count > 1 ? Set(positions).count : positions.count
        guard !positions.allSatisfy(self.source.holdsRow) else {
            self.rowsAtHand -= count
            return
        }
        // A page whose time is up ends with what it has at hand.
        let room = self.isDue ? 0 : min(self.bounds.events - page.count, query.remaining, self.source.rowsAtOnce)
        var upcoming = Upcoming(query.cursors, query.direction)
        var wanted = positions
        while wanted.count < room, let position = upcoming.next() {
            if position != wanted.last { wanted.append(position) }
        }
        try self.source.prepareRows(at: wanted)
        self.rowsAtHand = wanted.count - positions.count
    }
}

/// The positions that come next in the answer, as far as the streams know them.
private struct Upcoming {
    private let cursors: [FilterCursor]
    private let direction: StoredQuery.Direction
    private var heaps: [StreamHeap]
    /// Entries of streams that have been passed, beyond those that are used up.
    private var passed: [[Int: Int]]

    init(_ cursors: [FilterCursor], _ direction: StoredQuery.Direction) {
        self.cursors = cursors.filter { $0.remaining > 0 }
        self.direction = direction
        self.heaps = self.cursors.map(\.heap)
        self.passed = self.cursors.map { _ in [:] }
    }

    mutating func next() -> Int64? {
        while true {
            let foremost = StreamHeap.foremost(among: self.heaps.indices, self.direction) { self.heaps[$0].top }
            guard let (cursor, top) = foremost else { return nil }
            let stream = self.cursors[cursor].streams[top.stream]
            let next = stream.next + self.passed[cursor][top.stream, default: 0]
            guard next < stream.entries.count else {
                self.heaps[cursor].replaceTop(with: nil, self.direction)
                continue
            }
            self.passed[cursor][top.stream, default: 0] += 1
            let following = next + 1 < stream.entries.count ? stream.entries[next + 1] : nil
            self.heaps[cursor].replaceTop(with: following, self.direction)
            return top.entry.position
        }
    }
}
