import Nostr

/// The session that writes to SQLite.
final class SQLiteWriter: StoreWriter {
    let database: Database
    let statements: WriterStatements
    let rules: RuleStatements
    let records: RecordStatements
    let vanishes: VanishStatements
    private let hash: SipHash
    /// Numbers of authors that were written; forgotten with a transaction that is undone.
    private var authors: [PublicKey: Int64] = [:]
    private static let maximumCachedAuthors = 100_000
    /// The last commit position that this session knows of.
    private(set) var lastPosition: Int64
    /// Positions that other processes committed and that nobody took yet.
    private var foreign: [ClosedRange<Int64>] = []
    /// Changes whenever another connection has committed: as it was when events were taken last, and changes asked for.
    private var dataVersion: Int64 = 0
    private var askedVersion: Int64

    init(_ database: Database) throws(StorageError) {
        self.database = database
        self.statements = try WriterStatements(database)
        self.rules = try RuleStatements(database)
        self.records = try RecordStatements(database)
        self.vanishes = try VanishStatements(database)
        self.hash = try SipHash(of: database)
        self.lastPosition = try self.statements.selectLastPosition.first { $0.integer(0) } ?? 0
        self.askedVersion = try self.statements.dataVersion.first { $0.integer(0) } ?? 0
    }

    func close() {
        // The journal is folded into the file, so that the file alone is the database; whoever still reads keeps it.
        try? self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    func save(_ events: [Event]) throws(StorageError) -> SaveResult {
        try self.write { (batch) throws(StorageError) in
            for event in events { batch.result.outcomes.append(try self.save(event, in: &batch)) }
            try self.insertTags(of: &batch)
            try self.beginPurge(in: &batch)
            return batch.result
        }
    }

    func remove(positions: [Int64]) throws(StorageError) -> Int {
        try self.write { (batch) throws(StorageError) in
            for position in positions { try self.remove(position, cause: .deleted, in: &batch) }
            return batch.result.removed.count
        }
    }

    func removeExpired(at now: Int64, atMost count: Int) throws(StorageError) -> [RemovedEvent] {
        let select = self.statements.selectExpired
        select.bind(1, now)
        select.bind(2, Int64(count))
        var positions: [Int64] = []
        while try select.step() { positions.append(select.integer(0)) }
        select.reset()
        guard !positions.isEmpty else { return [] }
        return try self.write { (batch) throws(StorageError) in
            for position in positions { try self.remove(position, cause: .expired, in: &batch) }
            return batch.result.removed
        }
    }

    func hasForeignChanges() throws(StorageError) -> Bool {
        let version = try self.statements.dataVersion.first { $0.integer(0) } ?? 0
        defer { self.askedVersion = version }
        return version != self.askedVersion
    }

    func takeForeignEvents(atMost count: Int) throws(StorageError) -> [StoredEvent] {
        let version = try self.statements.dataVersion.first { $0.integer(0) } ?? 0
        if version != self.dataVersion {
            try self.noteForeignPositions()
            self.dataVersion = version
        }
        var events: [StoredEvent] = []
        let vanishing = self.foreign.isEmpty ? Vanishing() : try self.rules.vanishing()
        // Where a read fails, nothing is taken.
        var foreign = self.foreign
        var bytes = 0
        while let range = foreign.first, events.count < count, bytes < Self.maximumSliceBytes {
            let (rows, isComplete) = try self.rows(in: range, atMost: count - events.count)
            for case (let position, let event?) in rows where !vanishing.hides(event) {
                events.append(StoredEvent(event: event, position: CommitPosition(inSequence: position)))
                bytes += event.json.count
            }
            if !isComplete, let last = rows.last?.position, last < range.upperBound {
                foreign[0] = last + 1...range.upperBound
            } else {
                foreign.removeFirst()
            }
        }
        self.foreign = foreign
        return events
    }

    /// Bytes of JSON after which a slice of foreign events ends.
    private static let maximumSliceBytes = 1 << 20

    /// What is still stored of a range of positions, oldest commit first; a damaged row has no event.
    private func rows(
        in range: ClosedRange<Int64>,
        atMost count: Int
    ) throws(StorageError) -> (rows: [(position: Int64, event: Event?)], isComplete: Bool) {
        let select = self.statements.selectRange
        select.bind(1, range.lowerBound)
        select.bind(2, range.upperBound)
        select.bind(3, Int64(count))
        defer { select.reset() }
        var rows: [(position: Int64, event: Event?)] = []
        var bytes = 0
        while bytes < Self.maximumSliceBytes, try select.step() {
            rows.append((select.integer(0), Event(canonical: select.bytes(1))))
            bytes += rows.last?.event?.json.count ?? 0
        }
        return (rows, isComplete: rows.count < count && bytes < Self.maximumSliceBytes)
    }

    /// What a transaction has done so far.
    struct Batch {
        var position: Int64
        var result = SaveResult()
        /// Rows of the tag index that are inserted at the end.
        var tags: [TagRow] = []
        /// Whether `tags` are inserted.
        var areTagsInserted = false
        /// Whether anybody has vanished.
        var isAnyVanished = false
    }

    /// Runs `body` in one durable transaction.
    func write<Result>(
        _ body: (inout Batch) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        guard !self.database.hasMoved else { throw .moved(path: self.database.path) }
        do {
            let (result, position) = try self.database.transaction("BEGIN IMMEDIATE") { () throws(StorageError) in
                try self.noteForeignPositions()
                var batch = Batch(position: self.lastPosition)
                batch.isAnyVanished = try self.hasAnyoneVanished()
                let result = try body(&batch)
                if batch.position != self.lastPosition {
                    self.statements.updateLastPosition.bind(1, batch.position)
                    try self.statements.updateLastPosition.run()
                }
                return (result, batch.position)
            }
            self.lastPosition = position
            return result
        } catch {
            self.authors.removeAll()
            throw error
        }
    }

    /// Notices what other processes have committed since this session looked last.
    private func noteForeignPositions() throws(StorageError) {
        let found = try self.statements.selectLastPosition.first { $0.integer(0) } ?? 0
        guard found > self.lastPosition else { return }
        self.foreign.append(self.lastPosition + 1...found)
        self.lastPosition = found
    }

    /// The number that stands for an author; made where there is none.
    func number(of author: PublicKey) throws(StorageError) -> Int64 {
        if let number = self.authors[author] { return number }
        let key = author.bytes.array
        self.statements.insertAuthor.bind(1, key.span)
        try self.statements.insertAuthor.run()
        self.statements.selectAuthor.bind(1, key.span)
        guard let number = try self.statements.selectAuthor.first({ $0.integer(0) }) else {
            throw .damaged(path: self.database.path, reason: "an author has no number")
        }
        if self.authors.count >= Self.maximumCachedAuthors { self.authors.removeAll(keepingCapacity: true) }
        self.authors[author] = number
        return number
    }

    /// The number that stands for an author; nil where there is none.
    func knownNumber(of author: PublicKey) throws(StorageError) -> Int64? {
        if let number = self.authors[author] { return number }
        return try self.rules.number(of: author)
    }

    /// What the tag index has a key's `p` tag under.
    func recipientHash(of pubkey: PublicKey) -> Int64 { self.hash.recipientHash(of: pubkey) }

    func tagHashes(of event: Event) -> Set<Int64> { self.hash.tagHashes(of: event) }
}
