import Nostr

/// Queries whose events are known one by one: ids, and the newest versions of what authors replace.
extension QueryRunner {
    /// Looks all of them up, rows and all, and puts them in order afterwards: cheaper than a merge of as many streams.
    ///
    /// - Returns: false where that is too much for one page; nothing is taken then.
    mutating func gather(
        _ query: inout StoredQuery,
        snapshot: PageSnapshot,
        _ visibility: Visibility,
        to page: inout EventPage
    ) throws(StorageError) -> Bool {
        let cursor = query.cursors[0]
        let direction = query.direction
        let window = cursor.window(snapshot: snapshot, direction)
        var found = EventPage()
        found.reserve(cursor.remaining, atMost: self.bounds.bytes)
        var entries: [IndexEntry] = []
        let bytes = self.bounds.bytes
        let isComplete = try self.lookUpAll(of: cursor, in: window) { entry, prefix, row in
            guard (window.since...window.until).contains(entry.createdAt),
                visibility.shows(row), cursor.isSatisfied(by: row, through: prefix)
            else { return true }
            found.append(row, position: entry.position)
            entries.append(entry)
            return found.bytes.count < bytes
        }
        guard isComplete else { return false }
        // What is named twice, or shares the beginning of an id, came up twice.
        var order = Self.order(of: entries, in: found, direction)
        order = order.indices.filter { $0 == 0 || entries[order[$0]] != entries[order[$0 - 1]] }.map { order[$0] }
        var given = 0
        var allowance = cursor.allowance
        for index in order {
            guard allowance.admits(entries[index].createdAt), allowance.take(1, of: entries[index].createdAt) == 1
            else {
                break
            }
            given += 1
        }
        page.reserve(given, atMost: found.bytes.count)
        page.append(found, in: order.prefix(given))
        page.completeness =
            given == order.count
            ? .whole : .more(position: entries[order[given]].position, expiresAt: found.expiresAt)
        query.cursors[0].close()
        return true
    }

    /// Hands every row that the cursor's values lead to to `visit`, until it returns false.
    ///
    /// - Returns: whether all were visited.
    private mutating func lookUpAll(
        of cursor: borrowing FilterCursor,
        in window: IndexWindow,
        _ visit: (IndexEntry, IndexStream.Prefix, StoredRow) -> Bool
    ) throws(StorageError) -> Bool {
        var goesOn = true
        if let ids = cursor.filter.ids {
            for (index, id) in ids.enumerated() where goesOn {
                self.count(1)
                guard self.mayGoOn else { return false }
                try self.source.lookUp(id, among: ids[index...]) { goesOn = goesOn && visit($0, .list, $1) }
            }
            return goesOn
        }
        let authors = cursor.filter.authors ?? []
        let kinds = cursor.filter.kinds ?? []
        for (index, author) in authors.enumerated() where goesOn {
            let among = authors[index...]
            guard let number = try self.source.number(of: author, among: among) else { continue }
            for kind in kinds where goesOn {
                self.count(1)
                guard self.mayGoOn else { return false }
                try self.source.versions(of: number, kind, among: (among, kinds), in: window) { entry, row in
                    goesOn = visit(entry, .author(number, kind), row)
                    return goesOn
                }
            }
        }
        return goesOn
    }

    /// The indexes of events in the order of the answer.
    private static func order(
        of entries: [IndexEntry],
        in page: borrowing EventPage,
        _ direction: StoredQuery.Direction
    ) -> [Int] {
        // Tells the order where the indexes do not.
        var ids: [Int: EventID] = [:]
        let newestFirst = entries.indices.sorted { first, second in
            guard entries[first].ties(with: entries[second]) else {
                return entries[first].isNewer(than: entries[second])
            }
            for index in [first, second] where ids[index] == nil {
                ids[index] = Event.id(ofCanonical: page.json(index))
            }
            guard let id = ids[first], let other = ids[second] else { return false }
            return id < other
        }
        return direction == .newestFirst ? newestFirst : newestFirst.reversed()
    }
}
