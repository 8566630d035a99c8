import Nostr

/// Answers a page of a query: a merge of index streams that stops as soon as the page or the filters are full.
struct QueryRunner<Source: IndexSource> {
    let source: Source
    let bounds: PageBounds
    /// Index entries and rows looked at.
    private(set) var rows = 0
    /// Rows that were fetched ahead and not yet taken: the page uses them, or the next one has to fetch them again.
    var rowsAtHand = 0
    /// Rows at which the clock is looked at next.
    private var nextLook = Self.rowsPerLook
    private(set) var isDue = false
    private static var rowsPerLook: Int { 32 }

    init(_ source: Source, bounds: PageBounds) {
        self.source = source
        self.bounds = bounds
    }

    /// The next page, and the query as it stands after it.
    mutating func nextPage(of query: consuming StoredQuery) throws(StorageError) -> (EventPage, StoredQuery) {
        var query = query
        let snapshot = try self.source.beginPage(at: query.snapshot)
        let shown = query.shown
        var page = try self.page(of: &query, snapshot: snapshot)
        // What a search has given counts for the other filters too, and is not given again.
        if !shown.isEmpty { page.remove(shown) }
        // Only the best of what a search finds are ranked, and nobody has counted the rest.
        if query.isSearch { page.completeness = .unknown }
        query.rows += self.rows
        query.snapshot = try self.source.endPage(snapshot)
        return (page, query)
    }

    mutating func page(
        of query: inout StoredQuery,
        snapshot: PageSnapshot
    ) throws(StorageError) -> EventPage {
        var page = EventPage()
        if query.isEmpty, !query.isUnsatisfiable {
            // Where no events are asked for, nothing is known of them either.
            page.isLast = true
            return page
        }
        let visibility = Visibility(now: query.now, readership: query.readership, snapshot: snapshot)
        if !query.searches.isEmpty {
            let isAnswered = try self.search(&query, snapshot: snapshot, visibility, to: &page)
            page.isLast = isAnswered && query.cursors.isEmpty
            guard isAnswered, !page.isLast, page.count == 0 else { return page }
        }
        if query.cursors.count == 1, query.cursors[0].gathers(within: self.bounds) {
            page.isLast = try self.gather(&query, snapshot: snapshot, visibility, to: &page)
            query.cursors[0].mayGather = false
            guard !page.isLast else { return page }
        }
        // Nothing can be merged before all streams are there.
        guard try self.openAll(&query, snapshot: snapshot) else { return page }
        page.reserve(min(query.remaining, self.bounds.events), atMost: self.bounds.bytes)
        if query.cursors.count == 1, query.cursors[0].isOneStretch {
            try self.walk(&query, snapshot: snapshot, visibility, to: &page)
        }
        if query.cursors.count > 1 || !query.cursors.allSatisfy(\.isOneStretch) {
            try self.merge(&query, snapshot: snapshot, visibility, to: &page)
        }
        page.isLast = query.cursors.allSatisfy(\.isDone)
        if page.isLast, page.completeness == .unknown {
            page.completeness = try self.completeness(of: &query, snapshot: snapshot, visibility)
        }
        return page
    }

    /// Counts rows that were looked at.
    mutating func count(_ rows: Int) {
        self.rows += rows
        guard let deadline = self.bounds.deadline, self.rows >= self.nextLook else { return }
        self.nextLook = self.rows + Self.rowsPerLook
        self.isDue = self.isDue || ContinuousClock.now >= deadline
    }

    /// Whether the page may be worked on.
    var mayGoOn: Bool { self.rows < self.bounds.rows && (!self.isDue || self.rowsAtHand > 0) }

    func hasRoom(_ page: borrowing EventPage) -> Bool {
        self.mayGoOn && page.count < self.bounds.events && page.bytes.count < self.bounds.bytes
    }

    /// Rows of other kinds that are brought along for nothing.
    private static var maximumStrangers: Int { 64 }

    /// One stretch of one index: its rows are the answer, in their order.
    private mutating func walk(
        _ query: inout StoredQuery,
        snapshot: PageSnapshot,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) {
        guard !query.cursors[0].heap.isEmpty else { return }
        let direction = query.direction
        let cursor = query.cursors[0]
        let window = cursor.window(snapshot: snapshot, direction)
        let prefix = cursor.streams[0].prefix
        var allowance = cursor.allowance
        // The other indexes hold nothing of other kinds.
        let kinds: KindSet? = if case .tag = prefix { cursor.kinds } else { nil }
        var strangers = 0
        // Rows that nothing but the rest of their ids tells apart are taken together.
        var run = (start: 0, entry: IndexEntry.newest)
        var runner = self
        let expected = min(cursor.remaining, self.bounds.events)
        // Behind a full answer it is looked whether there is more.
        var (dropped, probed, more) = (Int64?.none, 0, Completeness.unknown)
        let passed = try self.source.walk(
            &query.cursors[0].streams[0],
            in: window,
            expecting: expected
        ) { entry, row in
            if !entry.ties(with: run.entry) {
                dropped = page.settle(from: run, direction, &allowance) ?? dropped
                run.start = page.count
                guard allowance.admits(entry.createdAt) else {
                    probed += 1
                    guard dropped == nil, probed <= Self.mostProbed else { return false }
                    guard kinds?.contains(row.kind) ?? true, visibility.shows(row),
                        cursor.isSatisfied(by: row, through: prefix)
                    else { return true }
                    more = .more(position: entry.position, expiresAt: row.expiresAt)
                    return false
                }
                guard runner.hasRoom(page), strangers <= max(Self.maximumStrangers, page.count) else { return false }
                run.entry = entry
            }
            // Large events that are read and not shown count for more.
            runner.count(1 + row.json.count >> 12)
            if let kinds, !kinds.contains(row.kind) {
                strangers += 1
                return true
            }
            guard visibility.shows(row), cursor.isSatisfied(by: row, through: prefix) else { return true }
            page.append(row, position: entry.position)
            return true
        }
        self = runner
        self.count(passed)
        dropped = page.settle(from: run, direction, &allowance) ?? dropped
        query.unsent = query.unsent ?? dropped
        query.cursors[0].allowance = allowance
        page.completeness = more
        query.cursors[0].isSparse = strangers > max(Self.maximumStrangers, page.count)
        query.cursors[0].heap.replaceTop(with: query.cursors[0].streams[0].front, direction)
    }

    /// Several streams: the foremost entry of all is the next of the answer.
    private mutating func merge(
        _ query: inout StoredQuery,
        snapshot: PageSnapshot,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) {
        var windows = query.cursors.map { $0.window(snapshot: snapshot, query.direction) }
        while self.hasRoom(page) {
            for index in query.cursors.indices { query.cursors[index].closeTail() }
            for index in query.cursors.indices where query.cursors[index].trial?.hasFailed ?? false {
                query.cursors[index].leaveScan()
                windows[index] = query.cursors[index].window(snapshot: snapshot, query.direction)
            }
            guard try self.openAll(&query, snapshot: snapshot), let (cursor, top) = Self.foremost(of: query) else {
                return
            }
            let isHead = query.cursors[cursor].streams[top.stream].head != nil
            try self.advance(&query.cursors[cursor], stream: top.stream, in: windows[cursor])
            guard isHead else { continue }
            self.count(1)
            let hit = Hit(top.entry, cursor: cursor, stream: top.stream)
            if let (_, next) = Self.foremost(of: query), next.entry.ties(with: top.entry) {
                let run = try [hit] + self.takeRun(tyingWith: top.entry, from: &query, windows)
                try self.append(run, of: &query, visibility, to: &page)
            } else {
                try self.append(hit, of: &query, visibility, to: &page)
            }
        }
        // A page that is full may be the last one.
        for index in query.cursors.indices { query.cursors[index].closeTail() }
    }

    /// The cursor whose entry comes first in the answer, and that entry.
    private static func foremost(of query: borrowing StoredQuery) -> (heap: Int, top: StreamHeap.Item)? {
        StreamHeap.foremost(among: query.cursors.indices, query.direction) { index in
            query.cursors[index].remaining > 0 ? query.cursors[index].heap.top : nil
        }
    }

    /// One way in which an event came up: through this stream of this filter.
    private struct Hit {
        let position: Int64
        let second: Int64
        let cursor: Int
        let stream: Int

        init(_ entry: IndexEntry, cursor: Int, stream: Int) {
            self.position = entry.position
            self.second = entry.createdAt
            self.cursor = cursor
            self.stream = stream
        }
    }

    /// Takes all further entries whose order among each other depends on more of the id than the indexes hold.
    private mutating func takeRun(
        tyingWith foremost: IndexEntry,
        from query: inout StoredQuery,
        _ windows: [IndexWindow]
    ) throws(StorageError) -> [Hit] {
        var hits: [Hit] = []
        for index in query.cursors.indices where !query.cursors[index].isDone {
            while let top = query.cursors[index].heap.top, top.entry.ties(with: foremost) {
                if query.cursors[index].streams[top.stream].head != nil {
                    hits.append(Hit(top.entry, cursor: index, stream: top.stream))
                }
                try self.advance(&query.cursors[index], stream: top.stream, in: windows[index])
                self.count(1)
            }
        }
        return hits
    }

    /// Moves the foremost stream on and puts it back in its place in the heap.
    mutating func advance(
        _ cursor: inout FilterCursor,
        stream: Int,
        in window: IndexWindow
    ) throws(StorageError) {
        if let head = cursor.streams[stream].head {
            cursor.taken = head
            cursor.streams[stream].next += 1
        }
        if cursor.streams[stream].head == nil, !cursor.streams[stream].isExhausted {
            if Source.looksAhead, !self.source.holds(cursor.streams[stream]) {
                try self.source.prepare(cursor.streams.filter { $0.head == nil && !$0.isExhausted }, in: window)
            }
            let rows = try self.source.fill(&cursor.streams[stream], in: window)
            cursor.trial?.note(rows: rows, found: cursor.streams[stream].entries.count)
            self.count(rows)
        }
        cursor.heap.replaceTop(with: cursor.streams[stream].front, window.direction)
    }

    /// Appends an event that came up in one way only, if it is to be shown.
    private mutating func append(
        _ hit: Hit,
        of query: inout StoredQuery,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) {
        var weight = 0
        let isChecked = if case .nothing = query.cursors[hit.cursor].plan.residue { false } else { true }
        try self.prepareRows([hit.position], of: query, page)
        let isShown = try self.source.row(at: hit.position) { row in
            weight = row.json.count >> 12
            guard visibility.shows(row),
                !isChecked
                    || query.cursors[hit.cursor].isSatisfied(
                        by: row,
                        through: query.cursors[hit.cursor].streams[hit.stream].prefix
                    )
            else { return false }
            page.append(row, position: hit.position)
            return true
        }
        // Large events that are read and not shown count for more.
        self.count(weight)
        if isShown == true { _ = query.cursors[hit.cursor].allowance.take(1, of: hit.second) }
    }

    /// Loads a run's events, orders them by id, checks what the indexes leave open, and appends what is to be shown.
    private mutating func append(
        _ run: [Hit],
        of query: inout StoredQuery,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) {
        var candidates: [(id: EventID, position: Int64)] = []
        try self.prepareRows(run.map(\.position), of: query, page)
        for hit in run where !candidates.contains(where: { $0.position == hit.position }) {
            guard let id = try self.source.row(at: hit.position, { Event.id(ofCanonical: $0.json) }) ?? nil else {
                continue
            }
            candidates.append((id, hit.position))
        }
        candidates.sort { query.direction == .newestFirst ? $0.id < $1.id : $1.id < $0.id }
        for (_, position) in candidates {
            let hits = run.filter { $0.position == position }
            var takers: Set<Int> = []
            var isLeftOut = false
            var weight = 0
            _ = try self.source.row(at: position) { row in
                weight = row.json.count >> 12
                guard visibility.shows(row) else { return }
                for hit in hits where !takers.contains(hit.cursor) {
                    let prefix = query.cursors[hit.cursor].streams[hit.stream].prefix
                    guard query.cursors[hit.cursor].isSatisfied(by: row, through: prefix) else { continue }
                    if query.cursors[hit.cursor].remaining > 0 { takers.insert(hit.cursor) } else { isLeftOut = true }
                }
                if !takers.isEmpty { page.append(row, position: position) }
            }
            self.count(1 + weight)
            if takers.isEmpty, isLeftOut { query.unsent = position }
            for cursor in takers { _ = query.cursors[cursor].allowance.take(1, of: hits[0].second) }
        }
    }
}

extension EventPage {
    /// Puts a run of events that tie in order, of which as many are kept as are allowed; returns the position of one
    /// that was not.
    fileprivate mutating func settle(
        from run: (start: Int, entry: IndexEntry),
        _ direction: StoredQuery.Direction,
        _ allowance: inout Allowance
    ) -> Int64? {
        let count = self.count - run.start
        guard count > 0 else { return nil }
        let taken = allowance.take(count, of: run.entry.createdAt)
        return count > 1 ? self.sortByID(from: run.start, direction, keeping: taken) : nil
    }
}
