import Nostr

/// The session that indexes words in SQLite, a connection of its own: it finds words before it takes the lock that the
/// session that writes needs too, and holds it for milliseconds.
///
/// Its commits do not wait for the disk: what a power cut takes of the index it takes of the mark as well.
final class SQLiteIndexer: StoreIndexer {
    private let database: Database
    private let statements: IndexerStatements
    private let kinds: KindRanges

    /// Events of one transaction, and their bytes.
    private static let most = (events: 500, bytes: 512 << 10)

    init(_ database: Database, kinds: KindRanges) throws(StorageError) {
        self.database = database
        self.kinds = kinds
        self.statements = try IndexerStatements(database)
        try self.begin()
    }

    func close() {}

    /// How far the index has come, as the database has it.
    private struct Mark: Equatable {
        var mark: Int64
        var rest: Int64
        let version: Int64
        let kinds: String
    }

    /// Starts over where the rules or the kinds are others than last time.
    private func begin() throws(StorageError) {
        try self.database.transaction("BEGIN IMMEDIATE") { () throws(StorageError) in
            let found = try self.mark()
            guard found.version != Int64(SearchWords.version) || found.kinds != self.kinds.description else { return }
            if found.version != Int64(SearchWords.version) {
                try self.database.execute(
                    """
                    INSERT INTO search (search) VALUES ('delete-all');
                    DELETE FROM search_document;
                    DELETE FROM search_gone;
                    """
                )
            }
            let last = try self.lastPosition()
            let kinds = Array(self.kinds.description.utf8)
            try self.database.execute("UPDATE meta SET value = \(SearchWords.version) WHERE name = 'search_version'")
            self.statements.updateKinds.bind(1, kinds.span)
            try self.statements.updateKinds.run()
            try self.keep(mark: last, rest: last)
        }
    }

    func indexNext() throws(StorageError) -> IndexProgress {
        let (mark, batch, last) = try self.database.transaction("BEGIN") { () throws(StorageError) in
            let mark = try self.mark()
            return (mark, try self.read(after: mark), try self.lastPosition())
        }
        var progress = IndexProgress()
        progress.events = batch.changes.count
        progress.waiting = Int(clamping: max(last - batch.mark, 0))
        progress.isRebuilding = batch.rest > 0
        progress.hasMore = batch.hasMore || batch.rest > 0
        guard !batch.changes.isEmpty || batch.mark != mark.mark || batch.rest != mark.rest else { return progress }
        try self.database.transaction("BEGIN IMMEDIATE") { () throws(StorageError) in
            // Somebody else may have got on meanwhile; then this is done again from there.
            guard try self.mark() == mark else { return }
            for change in batch.changes { try self.make(change) }
            try self.keep(mark: batch.mark, rest: batch.rest)
        }
        return progress
    }

    // MARK: Reading

    /// One event that enters or leaves the index.
    private struct Change {
        enum Sort { case enters, leaves, isGone }
        let sort: Sort
        let number: Int64
        let position: Int64
        let words: [UInt8]
    }

    private struct Batch {
        /// In the order of their numbers: FTS5 writes what comes in another order in pieces.
        var changes: [Change] = []
        var mark: Int64
        var rest: Int64
        var hasMore = false
        var bytes = 0
    }

    private func read(after mark: Mark) throws(StorageError) -> Batch {
        var batch = Batch(mark: mark.mark, rest: mark.rest)
        try self.readGone(into: &batch)
        if !batch.hasMore { try self.readNew(into: &batch) }
        if !batch.hasMore, batch.rest > 0 { try self.readRest(into: &batch) }
        batch.changes.sort { $0.number < $1.number }
        return batch
    }

    private func hasRoom(_ batch: Batch) -> Bool {
        batch.changes.count < Self.most.events && batch.bytes < Self.most.bytes
    }

    private func readGone(into batch: inout Batch) throws(StorageError) {
        let select = self.statements.selectGone
        defer { select.reset() }
        while try select.step() {
            guard self.hasRoom(batch) else {
                batch.hasMore = true
                return
            }
            self.add(.isGone, select.integer(0), author: select.integer(1), select.bytes(2), to: &batch)
        }
    }

    private func readNew(into batch: inout Batch) throws(StorageError) {
        let select = self.statements.selectNew
        select.bind(1, batch.mark)
        defer { select.reset() }
        var rows = 0
        while try select.step() {
            guard self.hasRoom(batch), rows < Self.most.events else {
                batch.hasMore = true
                return
            }
            rows += 1
            batch.mark = select.integer(0)
            guard self.kinds.contains(Self.kind(select.integer(2))) else { continue }
            self.add(.enters, select.integer(0), author: select.integer(1), select.bytes(3), to: &batch)
        }
        batch.mark = max(batch.mark, try self.lastPosition())
    }

    /// Reads on towards the oldest event of what was stored before the index began, or its kinds were others.
    private func readRest(into batch: inout Batch) throws(StorageError) {
        let select = self.statements.selectRest
        select.bind(1, batch.rest)
        defer { select.reset() }
        var rows = 0
        while try select.step() {
            guard self.hasRoom(batch), rows < Self.most.events else { return }
            rows += 1
            batch.rest = select.integer(0) - 1
            let isIndexed = select.integer(4) != 0
            guard self.kinds.contains(Self.kind(select.integer(2))) != isIndexed else { continue }
            let sort = isIndexed ? Change.Sort.leaves : .enters
            self.add(sort, select.integer(0), author: select.integer(1), select.bytes(3), to: &batch)
        }
        batch.rest = 0
    }

    private func add(
        _ sort: Change.Sort,
        _ position: Int64,
        author: Int64,
        _ json: [UInt8],
        to batch: inout Batch
    ) {
        batch.bytes += json.count
        guard let event = Event(canonical: json) else { return }
        let words = SearchExpression.words(of: event, author: author).joined(separator: " ")
        let number = SearchNumber.number(createdAt: event.createdAt, position: position)
        batch.changes.append(Change(sort: sort, number: number, position: position, words: Array(words.utf8)))
    }

    private static func kind(_ number: Int64) -> Kind { Kind(UInt16(truncatingIfNeeded: number)) }

    // MARK: Writing

    private func make(_ change: Change) throws(StorageError) {
        let statements = self.statements
        let isDue: Bool
        switch change.sort {
        case .enters:
            // Unless it has gone, or is in already.
            statements.insertDocument.bind(1, change.position)
            isDue = try statements.insertDocument.first { _ in true } ?? false
        case .leaves:
            statements.deleteDocument.bind(1, change.position)
            isDue = try statements.deleteDocument.first { _ in true } ?? false
        case .isGone:
            statements.deleteGone.bind(1, change.position)
            isDue = try statements.deleteGone.first { _ in true } ?? false
        }
        guard isDue else { return }
        let statement = change.sort == .enters ? statements.insertWords : statements.deleteWords
        statement.bind(1, change.number)
        statement.bind(2, change.words.span)
        try statement.run()
    }

    private func mark() throws(StorageError) -> Mark {
        try self.statements.selectMark.first { row in
            Mark(
                mark: row.integer(0),
                rest: row.integer(1),
                version: row.integer(2),
                kinds: String(decoding: row.bytes(3), as: UTF8.self)
            )
        } ?? Mark(mark: 0, rest: 0, version: 0, kinds: "")
    }

    private func keep(mark: Int64, rest: Int64) throws(StorageError) {
        self.statements.updateMark.bind(1, mark)
        self.statements.updateMark.bind(2, rest)
        try self.statements.updateMark.run()
    }

    private func lastPosition() throws(StorageError) -> Int64 {
        try self.statements.selectLastPosition.first { $0.integer(0) } ?? 0
    }
}
