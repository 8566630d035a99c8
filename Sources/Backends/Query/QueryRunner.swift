import Nostr

/// Answers a page of a query: a merge of index streams that stops as soon as the page or the filters are full.
struct QueryRunner<Source: IndexSource> {
    private let source: Source
    private let bounds: PageBounds
    private var rows = 0

    init(_ source: Source, bounds: PageBounds) {
        self.source = source
        self.bounds = bounds
    }

    /// The next page, and the query as it stands after it.
    mutating func nextPage(of query: consuming StoredQuery) throws(StorageError) -> (EventPage, StoredQuery) {
        var query = query
        let snapshot: Int64
        if let fixed = query.snapshot { snapshot = fixed } else { snapshot = try self.source.lastPosition() }
        query.snapshot = snapshot
        for index in query.cursors.indices where !query.cursors[index].isOpen && !query.cursors[index].isDone {
            try self.open(&query.cursors[index], of: query, snapshot: snapshot)
        }
        var page = EventPage()
        while page.count < self.bounds.events, page.bytes.count < self.bounds.bytes, self.rows < self.bounds.rows {
            guard let foremost = Self.foremost(of: query) else {
                page.isLast = true
                break
            }
            let run = try self.takeRun(tyingWith: foremost, from: &query, snapshot: snapshot)
            try self.append(run, of: &query, to: &page)
        }
        if Self.foremost(of: query) == nil { page.isLast = true }
        return (page, query)
    }

    /// The entry that comes first in the answer.
    private static func foremost(of query: borrowing StoredQuery) -> IndexEntry? {
        var foremost: IndexEntry?
        for cursor in query.cursors where !cursor.isDone {
            guard let entry = cursor.heap.top?.entry else { continue }
            guard let best = foremost else {
                foremost = entry
                continue
            }
            let isBefore = query.direction == .newestFirst ? entry.isNewer(than: best) : best.isNewer(than: entry)
            if isBefore { foremost = entry }
        }
        return foremost
    }

    /// One way in which an event came up: through this stream of this filter.
    private struct Hit {
        let position: Int64
        let cursor: Int
        let stream: Int
    }

    /// Takes all entries whose order among each other depends on more of the id than the indexes hold: one, as a rule.
    private mutating func takeRun(
        tyingWith foremost: IndexEntry,
        from query: inout StoredQuery,
        snapshot: Int64
    ) throws(StorageError) -> [Hit] {
        var hits: [Hit] = []
        for index in query.cursors.indices where !query.cursors[index].isDone {
            while let top = query.cursors[index].heap.top, top.entry.ties(with: foremost) {
                hits.append(Hit(position: top.entry.position, cursor: index, stream: top.stream))
                let window = Self.window(of: query, index, snapshot: snapshot)
                try self.advance(&query.cursors[index], stream: top.stream, in: window)
                self.rows += 1
            }
        }
        return hits
    }

    /// Moves a stream on and puts it back in its place in the heap.
    private mutating func advance(
        _ cursor: inout FilterCursor,
        stream: Int,
        in window: IndexWindow
    ) throws(StorageError) {
        cursor.streams[stream].next += 1
        if cursor.streams[stream].head == nil, !cursor.streams[stream].isExhausted {
            self.rows += try self.source.fill(&cursor.streams[stream], in: window)
        }
        cursor.heap.replaceTop(with: cursor.streams[stream].head, window.direction)
    }

    /// Loads the run's events, orders them by id, checks what the indexes leave open, and appends what is to be shown.
    private mutating func append(
        _ run: [Hit],
        of query: inout StoredQuery,
        to page: inout EventPage
    ) throws(StorageError) {
        var candidates: [(id: EventID, candidate: Candidate)] = []
        for hit in run where !candidates.contains(where: { $0.candidate.position == hit.position }) {
            guard let row = try self.source.row(at: hit.position) else { continue }
            guard row.expiresAt.map({ $0 > query.now }) ?? true else { continue }
            guard let id = Event.id(ofCanonical: row.json.span) else { continue }
            candidates.append((id, Candidate(position: hit.position, row: row)))
        }
        if candidates.count > 1 {
            candidates.sort { query.direction == .newestFirst ? $0.id < $1.id : $1.id < $0.id }
        }
        for index in candidates.indices {
            guard candidates[index].candidate.isReadable(by: query.readership) else { continue }
            let position = candidates[index].candidate.position
            var isWanted = false
            var asked: Set<Int> = []
            for hit in run where hit.position == position && query.cursors[hit.cursor].remaining > 0 {
                guard !asked.contains(hit.cursor) else { continue }
                let cursor = query.cursors[hit.cursor]
                guard candidates[index].candidate.satisfies(cursor, through: cursor.streams[hit.stream]) else { continue }
                asked.insert(hit.cursor)
                query.cursors[hit.cursor].remaining -= 1
                isWanted = true
            }
            if isWanted { page.append(candidates[index].candidate.row.json, position: position) }
        }
    }

    private static func window(of query: borrowing StoredQuery, _ index: Int, snapshot: Int64) -> IndexWindow {
        let filter = query.cursors[index].filter
        return IndexWindow(
            since: filter.since ?? .min,
            until: filter.until ?? .max,
            snapshot: snapshot,
            kinds: query.cursors[index].kinds,
            direction: query.direction
        )
    }
}

extension QueryRunner {
    /// Opens a filter's streams and fetches their first entries.
    private mutating func open(
        _ cursor: inout FilterCursor,
        of query: borrowing StoredQuery,
        snapshot: Int64
    ) throws(StorageError) {
        let window = IndexWindow(
            since: cursor.filter.since ?? .min,
            until: cursor.filter.until ?? .max,
            snapshot: snapshot,
            kinds: cursor.kinds,
            direction: query.direction
        )
        var streams: [IndexStream] = []
        if case .ids(let ids) = cursor.plan.driver {
            streams = [try self.list(of: ids, in: window)]
        } else {
            let prefixes = try self.prefixes(of: cursor.plan.driver)
            let share = 2 * min(cursor.remaining, 512) / max(prefixes.count, 1)
            streams = prefixes.map { IndexStream($0, chunk: max(2, share)) }
        }
        for index in streams.indices {
            if !streams[index].isExhausted { self.rows += try self.source.fill(&streams[index], in: window) }
            if let head = streams[index].head { cursor.heap.push(head, stream: index, query.direction) }
        }
        cursor.streams = streams
        cursor.isOpen = true
    }

    /// The index prefixes that a driver reads under.
    private func prefixes(of driver: FilterPlan.Driver) throws(StorageError) -> [IndexStream.Prefix] {
        switch driver {
        case .ids: return []
        case .time: return [.time]
        case .kinds(let kinds): return kinds.map { .kind($0) }
        case .tag(let condition):
            return condition.values.map { value in
                let hash = self.source.tagHash(letter: condition.letter, value: value.span)
                return .tag(hash: hash, letter: condition.letter, value: value)
            }
        case .authorKinds(let authors, let kinds):
            var prefixes: [IndexStream.Prefix] = []
            for author in authors {
                guard let number = try self.source.number(of: author) else { continue }
                prefixes += kinds.map { .author(number, $0) }
            }
            return prefixes
        case .authors(let authors):
            var prefixes: [IndexStream.Prefix] = []
            for author in authors {
                guard let number = try self.source.number(of: author) else { continue }
                prefixes += try self.source.kinds(of: number).map { .author(number, $0) }
            }
            return prefixes
        }
    }

    /// A stream of events that were looked up by id.
    private mutating func list(of ids: [EventID], in window: IndexWindow) throws(StorageError) -> IndexStream {
        self.rows += ids.count
        var stream = IndexStream(.list, chunk: 0)
        stream.entries = try self.source.entries(of: ids)
            .filter { $0.position <= window.snapshot && (window.since...window.until).contains($0.createdAt) }
            .sorted { window.direction == .newestFirst ? $0.isNewer(than: $1) : $1.isNewer(than: $0) }
        stream.isExhausted = true
        return stream
    }
}
