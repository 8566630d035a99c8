import Nostr

/// Finding out whether an answer is all that there is (NIP-67): what stands behind its last event is looked at.
extension QueryRunner {
    /// Events that are looked at for that, when the answer is full.
    static var mostProbed: Int { 64 }

    /// How far a filter's events have been given.
    private enum Extent {
        case nothing
        /// All that are not behind this entry.
        case upTo(IndexEntry)
        case everything

        init(_ cursor: borrowing FilterCursor) {
            if cursor.isOpen, cursor.heap.isEmpty {
                self = .everything
            } else {
                self = cursor.taken.map { .upTo($0) } ?? .nothing
            }
        }

        /// Whether a match of the filter was given; nil where that cannot be told.
        func covers(_ entry: IndexEntry, _ direction: StoredQuery.Direction) -> Bool? {
            switch self {
            case .nothing: return false
            case .everything: return true
            case .upTo(let last):
                guard !entry.ties(with: last) else { return nil }
                return direction == .newestFirst ? entry.isNewer(than: last) : last.isNewer(than: entry)
            }
        }
    }

    /// What the answer leaves out, after its last page.
    mutating func completeness(
        of query: inout StoredQuery,
        snapshot: PageSnapshot,
        _ visibility: Visibility
    ) throws(StorageError) -> Completeness {
        if let unsent = query.unsent {
            // There may be others beside this one, so nothing is known where it has gone.
            return try self.source.row(at: unsent) { row -> Completeness in
                visibility.shows(row) ? .more(position: unsent, expiresAt: row.expiresAt) : .unknown
            } ?? .unknown
        }
        let extents = query.cursors.map { Extent($0) }
        var isWhole = true
        var left = Self.mostProbed
        for index in query.cursors.indices {
            guard query.cursors[index].isOpen else {
                // Nothing was asked for, so nothing is known.
                isWhole = false
                continue
            }
            let window = query.cursors[index].window(snapshot: snapshot, query.direction)
            while left > 0, let top = query.cursors[index].heap.top {
                let before = self.rows
                let isHead = query.cursors[index].streams[top.stream].head != nil
                try self.advance(&query.cursors[index], stream: top.stream, in: window)
                // Index entries that are passed over cost less than events.
                left -= 1 + (self.rows - before) >> 3
                guard isHead else { continue }
                let found = try self.judge(top, of: index, in: query.cursors, extents, visibility, query.direction)
                if case .more = found { return found }
                if case .unknown = found { isWhole = false }
            }
            if !query.cursors[index].heap.isEmpty { isWhole = false }
        }
        return isWhole ? .whole : .unknown
    }

    /// Whether an entry that is left of a filter is an event that the answer lacks; `whole` where it is not.
    private func judge(
        _ top: StreamHeap.Item,
        of index: Int,
        in cursors: [FilterCursor],
        _ extents: [Extent],
        _ visibility: Visibility,
        _ direction: StoredQuery.Direction
    ) throws(StorageError) -> Completeness {
        let cursor = cursors[index]
        let prefix = cursor.streams[top.stream].prefix
        let others = cursors.indices.filter { $0 != index }
        return try self.source.row(at: top.entry.position) { row -> Completeness in
            guard visibility.shows(row), cursor.isSatisfied(by: row, through: prefix) else { return .whole }
            guard !others.isEmpty else { return .more(position: top.entry.position, expiresAt: row.expiresAt) }
            guard let event = Event(canonical: [UInt8](row.json)) else { return .whole }
            var isKnown = true
            for other in others where Matcher(cursors[other].filter).matches(event) {
                switch extents[other].covers(top.entry, direction) {
                case true?: return .whole
                case false?: break
                case nil: isKnown = false
                }
            }
            return isKnown ? .more(position: top.entry.position, expiresAt: row.expiresAt) : .unknown
        } ?? .whole
    }
}
