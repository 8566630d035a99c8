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
        var page = EventPage()
        for index in query.cursors.indices where !query.cursors[index].isDone {
            try self.open(&query.cursors[index], in: Self.window(of: query, index, snapshot: snapshot))
            // Nothing can be merged before all streams are there.
            guard query.cursors[index].isOpen else { return (page, query) }
        }
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
                if query.cursors[index].streams[top.stream].head != nil {
                    hits.append(Hit(position: top.entry.position, cursor: index, stream: top.stream))
                }
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
        if cursor.streams[stream].head != nil { cursor.streams[stream].next += 1 }
        if cursor.streams[stream].head == nil, !cursor.streams[stream].isExhausted {
            self.rows += try self.source.fill(&cursor.streams[stream], in: window)
        }
        cursor.heap.replaceTop(with: cursor.streams[stream].front, window.direction)
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
            // Large events that are read and not shown count for more.
            self.rows += row.json.count >> 12
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
                let stream = cursor.streams[hit.stream]
                let isSatisfied = candidates[index].candidate.satisfies(cursor, through: stream)
                if isSatisfied || !cursor.plan.dependsOnStream { asked.insert(hit.cursor) }
                guard isSatisfied else { continue }
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
    /// Streams that a filter may hold: each costs memory for as long as its client takes to read the answer.
    private static var maximumStreams: Int { 8_192 }

    /// Opens a filter's streams and fetches their first entries, as far as the page may go.
    private mutating func open(_ cursor: inout FilterCursor, in window: IndexWindow) throws(StorageError) {
        while !cursor.isOpen, self.rows < self.bounds.rows {
            guard let streams = try self.streams(of: cursor, in: window),
                cursor.streams.count + streams.count <= Self.maximumStreams
            else {
                cursor.scan()
                continue
            }
            for var stream in streams {
                if !stream.isExhausted { self.rows += 1 + (try self.source.fill(&stream, in: window)) }
                guard let front = stream.front else { continue }
                cursor.heap.push(front, stream: cursor.streams.count, window.direction)
                cursor.streams.append(stream)
            }
            cursor.openLeads += 1
            self.rows += 1
        }
    }

    /// The streams that the next lead leads to; nil where they are too many.
    private mutating func streams(
        of cursor: borrowing FilterCursor,
        in window: IndexWindow
    ) throws(StorageError) -> [IndexStream]? {
        let driver = cursor.plan.driver
        if case .ids(let ids) = driver { return [try self.list(of: ids, in: window)] }
        guard let prefixes = try self.prefixes(of: driver, lead: cursor.openLeads, kinds: cursor.kinds) else {
            return nil
        }
        let share = 2 * min(cursor.remaining, 512) / max(driver.leads * prefixes.count, 1)
        return prefixes.map { IndexStream($0, chunk: max(2, share)) }
    }

    /// The index prefixes that one lead of a driver stands for.
    private mutating func prefixes(
        of driver: FilterPlan.Driver,
        lead: Int,
        kinds wanted: Set<Kind>?
    ) throws(StorageError) -> [IndexStream.Prefix]? {
        switch driver {
        case .ids: return []
        case .time: return [.time]
        case .kinds(let kinds): return [.kind(kinds[lead])]
        case .tag(let condition):
            let value = condition.values[lead]
            let hash = self.source.tagHash(letter: condition.letter, value: value.span)
            return [.tag(hash: hash, letter: condition.letter, value: value)]
        case .authorKinds(let authors, let kinds):
            guard let number = try self.source.number(of: authors[lead]) else { return [] }
            // Authors write few kinds: many are not tried one by one for each of many authors.
            guard kinds.count > 8 else { return kinds.map { .author(number, $0) } }
            return try self.kinds(of: number)?.filter { wanted?.contains($0) ?? true }.map { .author(number, $0) }
        case .authors(let authors):
            guard let number = try self.source.number(of: authors[lead]) else { return [] }
            return try self.kinds(of: number)?.map { .author(number, $0) }
        }
    }

    /// The kinds that an author has written; nil where they are too many to be looked at one by one.
    private mutating func kinds(of author: Int64) throws(StorageError) -> [Kind]? {
        let kinds = try self.source.kinds(of: author, atMost: FilterPlan.maximumKinds)
        self.rows += kinds?.count ?? FilterPlan.maximumKinds
        return kinds
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
