import Nostr

/// A session that reads from SQLite.
final class SQLiteReader: StoreReader {
    let database: Database
    private let hash: SipHash
    private let dataVersion: Statement
    private let selectLastPosition: Statement
    private let selectAuthor: Statement
    private let selectKinds: Statement
    let selectID: Statement
    let rules: RuleStatements
    let records: RecordStatements
    private let selectEntry: Statement
    private let selectIDRow: Statement
    private let selectRow: Statement
    let selectCommitted: Statement
    let selectMarks: Statement
    let search: SearchStatements
    let streams: StreamStatements
    let selectExpired: Statement
    let selectKind: Statement
    private let selectNews: Statement
    private var newest = NewestEvents()
    /// Whether `newest` holds for the state that the open transaction reads.
    private var isNewestCurrent = false
    /// Events that are looked through for what is new; after more the session starts afresh.
    private static let maximumNews: Int64 = 1_000
    /// Numbers of authors that were asked for; they never change.
    private var authors: [PublicKey: Int64] = [:]
    private static let maximumCachedAuthors = 50_000
    /// Bytes of JSON after which a stretch of the commit order ends.
    private static let maximumStretchBytes = 1 << 20

    init(_ database: Database) throws(StorageError) {
        self.database = database
        self.hash = try SipHash(of: database)
        self.dataVersion = try database.prepare("PRAGMA data_version")
        self.selectLastPosition = try database.prepare("SELECT value FROM meta WHERE name = 'last_position'")
        self.selectAuthor = try database.prepare("SELECT number FROM author WHERE pubkey = ?1")
        self.selectKinds = try database.prepare(
            "SELECT kind FROM event WHERE author = ?1 AND kind > ?2 ORDER BY kind LIMIT 1"
        )
        self.selectID = try database.prepare(
            "SELECT json FROM event WHERE id_prefix = ?1"
        )
        self.selectEntry = try database.prepare(
            "SELECT created_at, tie, position FROM event WHERE id_prefix = ?1"
        )
        self.selectIDRow = try database.prepare(
            "SELECT created_at, tie, position, json, kind, expires_at FROM event WHERE id_prefix = ?1"
        )
        self.selectRow = try database.prepare("SELECT json, kind, expires_at FROM event WHERE position = ?1")
        self.selectCommitted = try database.prepare(
            "SELECT position, json FROM event WHERE position > ?1 ORDER BY position LIMIT ?2"
        )
        // The id is what the JSON begins with.
        self.selectMarks = try database.prepare(
            """
            SELECT position, created_at, kind, expires_at, substr(json, 8, 64) FROM event WHERE position > ?1
            ORDER BY position LIMIT ?2
            """
        )
        self.selectNews = try database.prepare(
            "SELECT author, kind, created_at FROM event WHERE position > ?1 ORDER BY position"
        )
        self.selectExpired = try database.prepare("SELECT position FROM event WHERE expires_at <= ?1 LIMIT ?2")
        self.selectKind = try database.prepare("SELECT kind FROM event WHERE kind >= ?1 ORDER BY kind LIMIT 1")
        self.rules = try RuleStatements(database)
        self.records = try RecordStatements(database)
        self.streams = try StreamStatements(database)
        self.search = try SearchStatements(database)
    }

    func nextPage(
        of query: consuming StoredQuery,
        bounds: PageBounds
    ) throws(StorageError) -> (EventPage, StoredQuery) {
        // Handed on, not copied: a query may hold thousands of streams.
        var handed = Optional(query)
        self.isNewestCurrent = false
        return try self.database.transaction("BEGIN") { () throws(StorageError) in
            var runner = QueryRunner(self, bounds: bounds)
            guard let query = handed.take() else { throw .failed("a page is asked for once") }
            return try runner.nextPage(of: query)
        }
    }

    func version() throws(StorageError) -> Int64? { try self.dataVersion.first { $0.integer(0) } }

    func events(after cursor: CommitCursor, atMost count: Int) throws(StorageError) -> CommittedEvents {
        try self.database.transaction("BEGIN") { () throws(StorageError) in
            let position = cursor.last?.row ?? cursor.known.ceiling - 1
            let last = try self.lastPosition()
            let vanishing = try self.vanishing()
            var events: [StoredEvent] = []
            var rows = 0
            var bytes = 0
            var reached = position
            self.selectCommitted.bind(1, position)
            self.selectCommitted.bind(2, Int64(count))
            defer { self.selectCommitted.reset() }
            while bytes < Self.maximumStretchBytes, try self.selectCommitted.step() {
                rows += 1
                reached = self.selectCommitted.integer(0)
                guard let event = Event(canonical: self.selectCommitted.bytes(1)) else { continue }
                bytes += event.json.count
                guard !vanishing.hides(event) else { continue }
                events.append(StoredEvent(event: event, position: CommitPosition(inSequence: reached)))
            }
            let isComplete = rows < count && bytes < Self.maximumStretchBytes
            if isComplete { reached = max(last, position) }
            var cursor = cursor
            // Each stretch goes as far as there is something: the target moves on with it.
            cursor.target = Snapshot(through: isComplete ? reached : max(last, reached))
            cursor.last = CommitPosition(inSequence: reached)
            return CommittedEvents(events: events, cursor: cursor, isComplete: isComplete)
        }
    }

    func statistics() throws(StorageError) -> StoreStatistics {
        let pages = try self.database.number("PRAGMA page_count")
        let pageBytes = try self.database.number("PRAGMA page_size")
        let events = try self.database.number("SELECT count(*) FROM event")
        return StoreStatistics(events: Int(events), bytes: Int(pages * pageBytes) + self.database.journalBytes)
    }

    func close() {}
}

extension SQLiteReader: IndexSource {
    func vanishing() throws(StorageError) -> Vanishing { try self.rules.vanishing() }

    func snapshot() throws(StorageError) -> Snapshot { Snapshot(through: try self.lastPosition()) }

    func lastPosition() throws(StorageError) -> Int64 {
        try self.selectLastPosition.first { $0.integer(0) } ?? 0
    }

    func number(of author: PublicKey, among authors: ArraySlice<PublicKey>) throws(StorageError) -> Int64? {
        try self.number(of: author)
    }

    func number(of author: PublicKey) throws(StorageError) -> Int64? {
        if let number = self.authors[author] { return number }
        let key = author.bytes.array
        self.selectAuthor.bind(1, key.span)
        guard let number = try self.selectAuthor.first({ $0.integer(0) }) else { return nil }
        if self.authors.count >= Self.maximumCachedAuthors { self.authors.removeAll(keepingCapacity: true) }
        self.authors[author] = number
        return number
    }

    func kinds(
        of author: Int64,
        atMost count: Int,
        among authors: ArraySlice<PublicKey>
    ) throws(StorageError) -> [Kind]? {
        var kinds: [Kind] = []
        var last: Int64 = -1
        while kinds.count <= count {
            self.selectKinds.bind(1, author)
            self.selectKinds.bind(2, last)
            guard let kind = try self.selectKinds.first({ $0.integer(0) }) else { return kinds }
            kinds.append(Kind(UInt16(truncatingIfNeeded: kind)))
            last = kind
        }
        return nil
    }

    func tagHash(letter: UInt8, value: Span<UInt8>) -> Int64 {
        Int64(bitPattern: self.hash.hash(letter: letter, value: value))
    }

    func entries(of ids: [EventID], in snapshot: PageSnapshot) throws(StorageError) -> [IndexEntry] {
        var entries: [IndexEntry] = []
        for id in ids {
            self.selectEntry.bind(1, id.indexPrefix)
            defer { self.selectEntry.reset() }
            while try self.selectEntry.step() {
                let entry = StreamStatements.entry(of: self.selectEntry)
                if snapshot.includes(entry.position) { entries.append(entry) }
            }
        }
        return entries
    }

    func lookUp(
        _ id: EventID,
        among ids: ArraySlice<EventID>,
        _ visit: (IndexEntry, StoredRow) -> Void
    ) throws(StorageError) {
        self.selectIDRow.bind(1, id.indexPrefix)
        defer { self.selectIDRow.reset() }
        while try self.selectIDRow.step() {
            let entry = StreamStatements.entry(of: self.selectIDRow)
            StreamStatements.withRow(of: self.selectIDRow, at: entry) { visit(entry, $0) }
        }
    }

    func newest(of author: Int64, _ kind: Kind) throws(StorageError) -> Int64? {
        if !self.isNewestCurrent { try self.catchUpWithNews() }
        return self.newest.bound(NewestEvents.Key(author: author, kind: kind))
    }

    private func catchUpWithNews() throws(StorageError) {
        let last = try self.lastPosition()
        if self.newest.isEmpty || last < self.newest.position || last - self.newest.position > Self.maximumNews {
            self.newest.forget(at: last)
        } else if last > self.newest.position {
            self.selectNews.bind(1, self.newest.position)
            defer { self.selectNews.reset() }
            while try self.selectNews.step() {
                let kind = Kind(UInt16(truncatingIfNeeded: self.selectNews.integer(1)))
                let key = NewestEvents.Key(author: self.selectNews.integer(0), kind: kind)
                self.newest.raise(key, to: self.selectNews.integer(2))
            }
            self.newest.advance(to: last)
        }
        self.isNewestCurrent = true
    }

    func fill(_ stream: inout IndexStream, in window: IndexWindow) throws(StorageError) -> Int {
        let isFromTop = window.direction == .newestFirst && stream.last?.createdAt == .max
        let rows = try self.streams.fill(&stream, in: window)
        // A stream that is read from the very top, with nothing left out of it, shows the newest event that there is.
        if isFromTop, self.isNewestCurrent, window.snapshot.includes(self.newest.position),
            case .author(let author, let kind) = stream.prefix
        {
            let key = NewestEvents.Key(author: author, kind: kind)
            if let first = stream.entries.first {
                self.newest.note(key, first.createdAt)
            } else if stream.isExhausted {
                self.newest.note(key, window.since == .min ? nil : window.since - 1)
            }
        }
        return rows
    }

    func versions(
        of author: Int64,
        _ kind: Kind,
        among pairs: (authors: ArraySlice<PublicKey>, kinds: [Kind]),
        in window: IndexWindow,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError) {
        var stream = IndexStream(.author(author, kind), chunk: 1, behind: window.edge)
        try self.streams.walk(&stream, in: window, visit)
    }

    func walk(
        _ stream: inout IndexStream,
        in window: IndexWindow,
        expecting count: Int,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError) -> Int {
        try self.streams.walk(&stream, in: window, visit)
        return 0
    }

    func row<Result>(at position: Int64, _ body: (StoredRow) -> Result) throws(StorageError) -> Result? {
        self.selectRow.bind(1, position)
        return try self.selectRow.first { row in
            let kind = Kind(UInt16(truncatingIfNeeded: row.integer(1)))
            let expiresAt = row.optionalInteger(2)
            return row.withBytes(0) { json in
                body(StoredRow(json: json, kind: kind, expiresAt: expiresAt, transaction: position))
            }
        }
    }
}

extension SipHash {
    /// The database's own key.
    init(of database: Database) throws(StorageError) {
        let statement = try database.prepare("SELECT value FROM meta WHERE name = 'hash_key'")
        guard let hash = SipHash(key: try statement.first { $0.bytes(0) } ?? []) else {
            throw .damaged(path: database.path, reason: "the hash key is missing")
        }
        self = hash
    }
}
