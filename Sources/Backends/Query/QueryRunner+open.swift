import Nostr

extension QueryRunner {
    /// Streams that a filter may hold: each costs memory for as long as its client takes to read the answer.
    private static var maximumStreams: Int { 8_192 }

    /// Opens what is not open yet; returns false where that is left for the next page.
    mutating func openAll(_ query: inout StoredQuery, snapshot: PageSnapshot) throws(StorageError) -> Bool {
        for index in query.cursors.indices where !query.cursors[index].isOpen && query.cursors[index].remaining > 0 {
            let window = query.cursors[index].window(snapshot: snapshot, query.direction)
            try self.open(&query.cursors[index], in: window)
            guard query.cursors[index].isOpen else { return false }
        }
        return true
    }

    /// Opens a filter's streams, as far as the page may go. Entries are fetched when the merge comes to them.
    private mutating func open(_ cursor: inout FilterCursor, in window: IndexWindow) throws(StorageError) {
        while !cursor.isOpen, self.mayGoOn {
            guard let streams = try self.streams(of: &cursor, behind: cursor.taken ?? window.edge, in: window),
                cursor.streams.count + streams.count <= Self.maximumStreams
            else {
                cursor.scan()
                continue
            }
            for stream in streams {
                guard let front = stream.front else { continue }
                cursor.heap.push(front, stream: cursor.streams.count, window.direction)
                cursor.streams.append(stream)
            }
            cursor.openLeads += 1
            self.count(1 + streams.count)
        }
    }

    /// The streams that the next lead leads to; nil where they are too many.
    private mutating func streams(
        of cursor: inout FilterCursor,
        behind start: IndexEntry,
        in window: IndexWindow
    ) throws(StorageError) -> [IndexStream]? {
        let driver = cursor.plan.driver
        if case .ids(let ids) = driver { return [try self.list(of: ids, in: window)] }
        if case .members(let authors, _) = driver, cursor.members == nil {
            var numbers: [Int64] = []
            for (index, author) in authors.enumerated() {
                if let number = try self.source.number(of: author, among: authors[index...]) { numbers.append(number) }
            }
            self.count(authors.count >> 3)
            cursor.members = AuthorSet(numbers)
        }
        // What nobody here has written needs no looking for.
        if let members = cursor.members, members.isEmpty { return [] }
        guard let prefixes = try self.prefixes(of: driver, lead: cursor.openLeads, kinds: cursor.kinds) else {
            return nil
        }
        // A stream that is alone gives them all; of several some give more than their share, and fetch again.
        let count = max(driver.leads * prefixes.count, 1)
        let wanted = min(cursor.remaining, 512)
        let share = count == 1 ? wanted : max(2, wanted / (2 * count))
        var streams: [IndexStream] = []
        for prefix in prefixes {
            guard let start = count < Self.manyStreams ? start : try self.start(of: prefix, behind: start, in: window)
            else { continue }
            streams.append(IndexStream(prefix, chunk: share, behind: start))
        }
        return streams
    }

    /// Streams from which on it is worth asking which of them have anything to give.
    private static var manyStreams: Int { 8 }

    /// Where a stream starts at the latest, for all that is known; nil where it has nothing to give.
    private func start(
        of prefix: IndexStream.Prefix,
        behind start: IndexEntry,
        in window: IndexWindow
    ) throws(StorageError) -> IndexEntry? {
        guard window.direction == .newestFirst, case .author(let author, let kind) = prefix,
            let newest = try self.source.newest(of: author, kind)
        else { return start }
        guard newest >= window.since, newest != .min else { return nil }
        let bound = IndexEntry(createdAt: newest, tie: .max, position: .max)
        return start.isNewer(than: bound) ? bound : start
    }

    /// The index prefixes that one lead of a driver stands for.
    private mutating func prefixes(
        of driver: FilterPlan.Driver,
        lead: Int,
        kinds wanted: KindSet?
    ) throws(StorageError) -> [IndexStream.Prefix]? {
        switch driver {
        case .ids: return []
        case .time, .members(_, nil): return [.time]
        case .kinds(let kinds), .members(_, let kinds?): return [.kind(kinds[lead])]
        case .tag(let condition):
            let value = condition.values[lead]
            let hash = self.source.tagHash(letter: condition.letter, value: value.span)
            return [.tag(hash: hash, letter: condition.letter, value: value)]
        case .authorKinds(let authors, let kinds):
            let among = authors[lead...]
            guard let number = try self.source.number(of: authors[lead], among: among) else { return [] }
            // Authors write few kinds: many are not tried one by one for each of many authors.
            guard kinds.count > 8 else { return kinds.map { .author(number, $0) } }
            return try self.kinds(of: number, among: among)?.filter { wanted?.contains($0) ?? true }.map {
                .author(number, $0)
            }
        case .authors(let authors):
            let among = authors[lead...]
            guard let number = try self.source.number(of: authors[lead], among: among) else { return [] }
            return try self.kinds(of: number, among: among)?.map { .author(number, $0) }
        }
    }

    /// The kinds that an author has written; nil where they are too many to be looked at one by one.
    private mutating func kinds(
        of author: Int64,
        among authors: ArraySlice<PublicKey>
    ) throws(StorageError) -> [Kind]? {
        let kinds = try self.source.kinds(of: author, atMost: FilterPlan.maximumKinds, among: authors)
        self.count(kinds?.count ?? FilterPlan.maximumKinds)
        return kinds
    }

    /// A stream of events that were looked up by id.
    private mutating func list(of ids: [EventID], in window: IndexWindow) throws(StorageError) -> IndexStream {
        self.count(ids.count)
        var stream = IndexStream(.list, chunk: 0)
        stream.entries = try self.source.entries(of: ids, in: window.snapshot)
            .filter { (window.since...window.until).contains($0.createdAt) }
            .sorted { window.direction == .newestFirst ? $0.isNewer(than: $1) : $1.isNewer(than: $0) }
        stream.isExhausted = true
        return stream
    }
}
