/// Asking a database at the end of a wire for many rows at once.
extension QueryRunner {
    /// Has the rows at these positions fetched, and with them those that will be asked for next.
    func prepareRows(
        _ positions: [Int64],
        of query: borrowing StoredQuery,
        _ page: borrowing EventPage
    ) throws(StorageError) {
        guard Source.looksAhead, !positions.allSatisfy(self.source.holdsRow) else { return }
        let room = min(self.bounds.events - page.count, query.remaining)
        try self.source.prepareRows(at: positions + Self.upcoming(in: query, atMost: room))
    }

    /// The positions that come next in the answer, as far as the streams know them.
    private static func upcoming(in query: borrowing StoredQuery, atMost count: Int) -> [Int64] {
        var entries: [IndexEntry] = []
        for cursor in query.cursors where cursor.remaining > 0 {
            for stream in cursor.streams { entries += stream.entries[stream.next...].prefix(count) }
        }
        entries.sort { query.direction == .newestFirst ? $0.isNewer(than: $1) : $1.isNewer(than: $0) }
        return entries.prefix(max(count, 0)).map(\.position)
    }
}
