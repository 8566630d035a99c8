import Nostr

extension PostgresReader: IndexSource {
    /// Authors that are asked for in one statement.
    private static let mostAuthors = 1_000
    private static let maximumCachedAuthors = 50_000

    func number(of author: PublicKey, among authors: ArraySlice<PublicKey>) throws(StorageError) -> Int64? {
        if let number = self.authors[author] { return number }
        guard !self.fetched.strangers.contains(author) else { return nil }
        let unknown = authors.prefix(Self.mostAuthors).filter { self.authors[$0] == nil }
        var parameters = PostgresParameters()
        parameters.addKeys(unknown.map(\.bytes))
        let rows = try self.query(PostgresReadStatements.authors, parameters)
        if self.authors.count + rows.count > Self.maximumCachedAuthors {
            self.authors.removeAll(keepingCapacity: true)
        }
        self.fetched.strangers.formUnion(unknown)
        for index in 0..<rows.count {
            guard let bytes = rows.withBytes(index, 0, { Bytes32($0) }) else { continue }
            self.authors[PublicKey(bytes)] = rows.integer(index, 1)
            self.fetched.strangers.remove(PublicKey(bytes))
        }
        return self.authors[author]
    }

    func kinds(
        of author: Int64,
        atMost count: Int,
        among authors: ArraySlice<PublicKey>
    ) throws(StorageError) -> [Kind]? {
        if self.fetched.kinds[author] == nil {
            let numbers = Set(authors.prefix(Self.mostAuthors).compactMap { self.authors[$0] } + [author])
            var parameters = PostgresParameters()
            parameters.add(int4s: numbers.map { Int32(truncatingIfNeeded: $0) })
            parameters.add(int4: Int32(clamping: count + 1))
            let rows = try self.query(PostgresReadStatements.kinds, parameters)
            for number in numbers { self.fetched.kinds[number] = [] }
            for index in 0..<rows.count {
                let kind = Kind(UInt16(truncatingIfNeeded: rows.integer(index, 1)))
                self.fetched.kinds[rows.integer(index, 0)]?.append(kind)
            }
        }
        guard let kinds = self.fetched.kinds[author], kinds.count <= count else { return nil }
        return kinds
    }

    func newest(of author: Int64, _ kind: Kind) -> Int64? { nil }

    func tagHash(letter: UInt8, value: Span<UInt8>) -> Int64 {
        Int64(bitPattern: self.hash.hash(letter: letter, value: value))
    }

    func entries(of ids: [EventID], in snapshot: PageSnapshot) throws(StorageError) -> [IndexEntry] {
        var parameters = PostgresParameters()
        parameters.addKeys(ids.map(\.bytes))
        let rows = try self.query(PostgresReadStatements.entriesByID, parameters)
        return (0..<rows.count).compactMap { index in
            let transaction = self.server.transaction(rows.integer(index, 3))
            return snapshot.includes(transaction) ? Self.entry(rows, index) : nil
        }
    }

    func lookUp(
        _ id: EventID,
        among ids: ArraySlice<EventID>,
        _ visit: (IndexEntry, StoredRow) -> Void
    ) throws(StorageError) {
        if self.fetched.ids[id] == nil {
            let asked = ids.prefix(self.rowsAtOnce)
            var parameters = PostgresParameters()
            parameters.addKeys(asked.map(\.bytes))
            let rows = try self.query(PostgresReadStatements.rowsByID, parameters)
            self.noteSize(of: rows)
            for id in asked { self.fetched.ids[id] = .some(nil) }
            for index in 0..<rows.count {
                guard let bytes = rows.withBytes(index, 7, { Bytes32($0) }) else { continue }
                self.fetched.ids[EventID(bytes)] = PostgresFetches.Place(rows: rows, index: index)
            }
        }
        guard let place = self.fetched.ids[id] ?? nil else { return }
        self.withRow(place) { visit($0, $1) }
    }

    func versions(
        of author: Int64,
        _ kind: Kind,
        among pairs: (authors: ArraySlice<PublicKey>, kinds: [Kind]),
        in window: IndexWindow,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError) {
        let key = PostgresFetches.AuthorKind(author: author, kind: kind)
        if self.fetched.versions[key] == nil {
            let share = max(1, self.rowsAtOnce / max(pairs.kinds.count, 1))
            let authors = Set(pairs.authors.prefix(share).compactMap { self.authors[$0] } + [author])
            let keys = authors.flatMap { author in
                pairs.kinds.map { PostgresFetches.AuthorKind(author: author, kind: $0) }
            }
            var parameters = PostgresParameters()
            parameters.add(int4s: keys.map { Int32(truncatingIfNeeded: $0.author) })
            parameters.add(int4s: keys.map { Int32($0.kind.rawValue) })
            let rows = try self.query(PostgresReadStatements.versions, parameters)
            self.noteSize(of: rows)
            for key in keys { self.fetched.versions[key] = [] }
            for index in 0..<rows.count {
                let kind = Kind(UInt16(truncatingIfNeeded: rows.integer(index, 4)))
                let key = PostgresFetches.AuthorKind(author: rows.integer(index, 7), kind: kind)
                self.fetched.versions[key]?.append(PostgresFetches.Place(rows: rows, index: index))
            }
        }
        for place in self.fetched.versions[key] ?? [] where !self.withRow(place, visit) { return }
    }

    func row<Result>(at position: Int64, _ body: (StoredRow) -> Result) throws(StorageError) -> Result? {
        if !self.holdsRow(at: position) { try self.prepareRows(at: [position]) }
        guard let place = self.fetched.rows[position] else { return nil }
        return self.withRow(place) { _, row in body(row) }
    }

    static var looksAhead: Bool { true }

    func holdsRow(at position: Int64) -> Bool { self.fetched.rows[position] != nil }

    func prepareRows(at positions: [Int64]) throws(StorageError) {
        var parameters = PostgresParameters()
        parameters.add(int8s: Set(positions.prefix(self.rowsAtOnce)))
        let rows = try self.query(PostgresReadStatements.rowsByPosition, parameters)
        self.noteSize(of: rows)
        self.fetched.rows.removeAll(keepingCapacity: true)
        for index in 0..<rows.count {
            self.fetched.rows[rows.integer(index, 2)] = PostgresFetches.Place(rows: rows, index: index)
        }
    }

    /// Calls `body` with a row whose statement gives the entry, the transaction, the kind, the expiry and the JSON.
    func withRow<Result>(
        _ place: PostgresFetches.Place,
        _ body: (IndexEntry, StoredRow) -> Result
    ) -> Result {
        let (rows, index) = (place.rows, place.index)
        let kind = Kind(UInt16(truncatingIfNeeded: rows.integer(index, 4)))
        let expiresAt = rows.optionalInteger(index, 5)
        let transaction = self.server.transaction(rows.integer(index, 3))
        return rows.withBytes(index, 6) { json in
            body(
                Self.entry(rows, index),
                StoredRow(json: json, kind: kind, expiresAt: expiresAt, transaction: transaction)
            )
        }
    }

    /// The entry of a row that begins with `created_at, tie, position`, or has other columns before them.
    static func entry(_ rows: PostgresRows, _ index: Int, from column: Int = 0) -> IndexEntry {
        IndexEntry(
            createdAt: rows.integer(index, column),
            tie: rows.integer(index, column + 1),
            position: rows.integer(index, column + 2)
        )
    }
}

extension PostgresParameters {
    /// Adds an array of ids or public keys, a bytea[].
    mutating func addKeys(_ keys: some Sequence<Bytes32>) {
        self.addArray(of: .bytea) { array in
            for key in keys {
                key.withBytes { raw in array.append(raw.bindMemory(to: UInt8.self).span) }
            }
        }
    }
}
