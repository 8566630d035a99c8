import Nostr

/// Works on a count for one slice of time.
struct CountRunner<Source: CountSource> {
    let source: Source
    let bounds: PageBounds
    /// Index entries and rows looked at.
    private var rows = 0
    /// Whether a page was read: there is one in a slice, for what is fetched ahead belongs to one query.
    private var hasRead = false
    /// Leads that are opened at once.
    private static var leadsAtOnce: Int { 256 }

    init(_ source: Source, bounds: PageBounds) {
        self.source = source
        self.bounds = bounds
    }

    private var mayGoOn: Bool {
        guard self.rows < self.bounds.rows else { return false }
        return self.bounds.deadline.map { ContinuousClock.now < $0 } ?? true
    }

    /// Counts on, as far as the bounds go; something is done in any case.
    mutating func advance(_ count: inout StoredCount) throws(StorageError) {
        repeat {
            if count.sample != nil { try self.look(for: &count) } else { try self.step(&count) }
        } while !count.isComplete && !self.hasRead && self.mayGoOn
        count.rows += self.rows
    }

    private mutating func step(_ count: inout StoredCount) throws(StorageError) {
        switch count.parts.popLast() {
        case .rows(let query):
            if let rest = try self.page(of: query, in: &count) { count.parts.append(.rows(rest)) }
        case .index(let index):
            if let rest = try self.stretch(of: index, in: &count) { count.parts.append(rest) }
        case nil: break
        }
    }

    /// Counts a page; returns the query as it stands after it, or nil where it was the last.
    private mutating func page(
        of query: consuming StoredQuery,
        in count: inout StoredCount
    ) throws(StorageError) -> StoredQuery? {
        let before = query.rows
        let left = max(self.bounds.rows - self.rows, 1)
        let bounds = PageBounds(
            events: self.bounds.events,
            bytes: self.bounds.bytes,
            rows: left,
            deadline: self.bounds.deadline
        )
        var runner = QueryRunner(self.source, bounds: bounds)
        let (page, rest) = try runner.nextPage(of: query)
        self.rows += max(rest.rows - before, 1)
        self.hasRead = true
        count.take(page)
        return page.isLast ? nil : rest
    }

    /// Counts a stretch of an index; returns what is left to count.
    private mutating func stretch(
        of index: IndexCount,
        in count: inout StoredCount
    ) throws(StorageError) -> CountPart? {
        var index = index
        if !index.hasBegun {
            index.hasBegun = true
            // What has vanished and is not removed yet is told by each event.
            guard try self.source.vanishing().isEmpty else {
                return .rows(index.query(for: count.readership, now: count.now))
            }
        }
        if count.expired == nil { count.expired = try self.source.expired(by: count.now) }
        guard let expired = count.expired else {
            // Looked at one by one, each event tells whether it has expired.
            return .rows(index.query(for: count.readership, now: count.now))
        }
        if index.streams.isEmpty { try self.open(&index, in: &count) }
        let left = max(self.bounds.rows - self.rows, 1)
        let tally = try self.source.tally(
            &index.streams,
            in: index.window,
            atMost: min(Source.entriesAtOnce, left),
            leavingOut: expired
        )
        index.streams.removeAll(where: \.isExhausted)
        self.rows += tally.passed + 1
        count.counted += tally.counted
        return index.isDone ? nil : .index(index)
    }

    /// Opens the next streams.
    private mutating func open(_ index: inout IndexCount, in count: inout StoredCount) throws(StorageError) {
        let start = index.window.edge
        switch index.leads {
        case .none: break
        case .everything:
            index.streams = [IndexStream(.time, chunk: 0, behind: start)]
            index.leads = .none
        case .kinds(let kinds):
            index.streams = kinds.prefix(Self.leadsAtOnce).map { IndexStream(.kind($0), chunk: 0, behind: start) }
            let rest = kinds.dropFirst(Self.leadsAtOnce)
            index.leads = rest.isEmpty ? .none : .kinds(rest)
        case .storedKinds(let first):
            let kinds = try self.source.storedKinds(from: first, atMost: Self.leadsAtOnce)
            let open = kinds.filter { !index.restricted.contains($0) }
            index.streams = open.map { IndexStream(.kind($0), chunk: 0, behind: start) }
            let isLast = kinds.count < Self.leadsAtOnce
            index.leads = isLast ? .none : .storedKinds(from: Int(kinds[kinds.count - 1].rawValue) + 1)
        case .authors(let authors, let kinds):
            try self.open(authors.prefix(Self.leadsAtOnce), kinds, of: &index, in: &count)
            let rest = authors.dropFirst(Self.leadsAtOnce)
            index.leads = rest.isEmpty ? .none : .authors(rest, kinds)
        }
        self.rows += index.streams.count
    }

    private mutating func open(
        _ authors: ArraySlice<PublicKey>,
        _ kinds: [Kind]?,
        of index: inout IndexCount,
        in count: inout StoredCount
    ) throws(StorageError) {
        for (place, author) in zip(authors.indices, authors) {
            let among = authors[place...]
            guard let number = try self.source.number(of: author, among: among) else { continue }
            var written = kinds
            // Authors write few kinds: many are not tried one by one for each of many authors.
            if (kinds?.count ?? .max) > 8 {
                guard let all = try self.source.kinds(of: number, atMost: FilterPlan.maximumKinds, among: among) else {
                    let query = index.query(author: author, for: count.readership, now: count.now)
                    count.parts.append(.rows(query))
                    continue
                }
                let wanted = kinds.map(Set.init)
                written = all.filter { wanted?.contains($0) ?? !index.restricted.contains($0) }
            }
            for kind in written ?? [] {
                index.streams.append(IndexStream(.author(number, kind), chunk: 0, behind: index.window.edge))
            }
        }
    }

    /// Looks at some more of the sample.
    private mutating func look(for count: inout StoredCount) throws(StorageError) {
        guard var sample = count.sample else { return }
        defer { count.sample = sample }
        if sample.positions == nil { sample.begin(try self.source.positions()) }
        // Few at once: events may be large.
        let positions = sample.next(16)
        guard !positions.isEmpty else { return }
        let matchers = count.filters.filter { !$0.isUnsatisfiable }.map(Matcher.init)
        let visibility = Visibility(
            now: count.now,
            readership: count.readership,
            snapshot: PageSnapshot(Snapshot(through: .max), try self.source.vanishing())
        )
        try self.source.prepareRows(at: positions)
        var hits = 0
        // What is not at hand by now is not there.
        for position in positions where self.source.holdsRow(at: position) {
            let isHit = try self.source.row(at: position) { row in
                guard visibility.shows(row), let event = Event(canonical: [UInt8](row.json)) else { return false }
                return matchers.contains { $0.matches(event) }
            }
            if isHit == true { hits += 1 }
        }
        self.rows += positions.count
        sample.note(positions.count, hits: hits)
    }
}
