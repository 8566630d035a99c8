import Nostr

/// Filters that search (NIP-50).
extension QueryRunner {
    /// Rows that are asked for at once.
    private static var stretch: Int { 128 }
    /// Events that are not indexed yet and are looked through nevertheless.
    private static var unindexed: Int { 500 }

    /// Answers the filters that search, one after the other, each event once.
    ///
    /// - Returns: whether all are answered; else the next page goes on.
    mutating func search(
        _ query: inout StoredQuery,
        snapshot: PageSnapshot,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) -> Bool {
        for index in query.searches.indices {
            while !query.searches[index].isDone {
                guard self.hasRoom(page) else { return false }
                if case .giving(let next) = query.searches[index].stage {
                    try self.give(from: next, of: &query, index, visibility, to: &page)
                } else {
                    try self.collect(&query.searches[index], snapshot: snapshot, visibility)
                }
            }
        }
        return true
    }

    /// Collects some more of a filter's hits.
    private mutating func collect(
        _ cursor: inout SearchCursor,
        snapshot: PageSnapshot,
        _ visibility: Visibility
    ) throws(StorageError) {
        switch cursor.stage {
        case .unindexed:
            let positions = try self.source.unindexed(atMost: Self.unindexed)
            self.count(1)
            try self.consider(positions, for: &cursor, visibility)
            guard let expression = try self.expression(for: cursor) else { return cursor.rank() }
            cursor.stage = .index(expression, .through(cursor.filter.until ?? .max))
        case .index(let expression, let place):
            let stretch = try self.source.stretch(
                of: expression,
                behind: place,
                since: cursor.filter.since ?? .min,
                atMost: Self.stretch
            )
            self.count(1)
            try self.consider(stretch.positions, for: &cursor, visibility)
            guard let next = stretch.next, !cursor.isFull else { return cursor.rank() }
            cursor.stage = .index(expression, next)
        case .streams(var query):
            cursor.stage = .unindexed
            (query.now, query.readership) = (visibility.now, visibility.readership)
            let page = try self.page(of: &query, snapshot: snapshot)
            for index in 0..<page.count { cursor.consider(page.json(index), at: page.positions[index]) }
            cursor.stage = .streams(query)
            if page.isLast || cursor.isFull { cursor.rank() }
        case .giving: break
        }
    }

    /// What the index is asked for; nil where it can have nothing.
    private mutating func expression(for cursor: SearchCursor) throws(StorageError) -> SearchExpression? {
        var numbers: [Int64]?
        if let authors = cursor.filter.authors {
            var found: [Int64] = []
            for (index, author) in authors.enumerated() {
                if let number = try self.source.number(of: author, among: authors[index...]) { found.append(number) }
            }
            self.count(1 + authors.count >> 3)
            numbers = found
        }
        let kinds = cursor.filter.kinds?.filter(cursor.search.kinds.contains)
        let expression = SearchExpression(cursor.search, kinds: kinds, authors: numbers)
        return expression.isUnsatisfiable ? nil : expression
    }

    /// Looks at rows that may be hits.
    private mutating func consider(
        _ positions: [Int64],
        for cursor: inout SearchCursor,
        _ visibility: Visibility
    ) throws(StorageError) {
        for (index, position) in positions.enumerated() where !cursor.isFull {
            if Source.looksAhead, !self.source.holdsRow(at: position) {
                try self.source.prepareRows(at: Array(positions[index...]))
            }
            var weight = 0
            _ = try self.source.row(at: position) { row in
                weight = row.json.count >> 10
                if cursor.search.kinds.contains(row.kind), visibility.shows(row) {
                    cursor.consider(row.json, at: position)
                }
            }
            // Words have to be found in it, which is more than to hand it on.
            self.count(1 + weight)
        }
    }

    /// Gives hits that still stand, in their order, as far as the page has room.
    private mutating func give(
        from first: Int,
        of query: inout StoredQuery,
        _ index: Int,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) {
        var next = first
        let hits = query.searches[index].hits
        while next < hits.count, query.searches[index].remaining > 0, self.hasRoom(page) {
            let position = hits[next].position
            next += 1
            if Source.looksAhead, !self.source.holdsRow(at: position) {
                let ahead = hits[(next - 1)...].prefix(min(query.searches[index].remaining, 256))
                try self.source.prepareRows(at: ahead.map(\.position))
            }
            let isNew = !query.shown.contains(position)
            let isShown = try self.source.row(at: position) { row in
                guard visibility.shows(row) else { return false }
                if isNew { page.append(row, position: position) }
                return true
            }
            self.count(1)
            guard isShown == true else { continue }
            query.searches[index].remaining -= 1
            query.shown.insert(position)
        }
        query.searches[index].stage = .giving(next)
    }
}
