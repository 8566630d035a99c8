import Nostr

extension PostgresReader {
    func unindexed(atMost count: Int) throws(StorageError) -> [Int64] {
        var parameters = PostgresParameters()
        parameters.add(int4: Int32(clamping: count))
        let rows = try self.query(PostgresSearchStatements.unindexed, parameters)
        return (0..<rows.count).map { rows.integer($0, 0) }
    }

    func stretch(
        of expression: SearchExpression,
        behind place: SearchPlace,
        since: Int64,
        atMost count: Int
    ) throws(StorageError) -> SearchStretch {
        var place = place
        if place.position == .max, place.level == 0 {
            let rows = try self.query(PostgresSearchStatements.newest)
            guard rows.count > 0 else { return SearchStretch() }
            place = .through(min(place.createdAt, rows.integer(0, 0)))
        }
        var expression = expression
        let bucket = SearchBucket(of: place.createdAt, level: place.level)
        if let bucket { expression.require(bucket.word) }
        let first = max(bucket?.start ?? .min, since)
        var parameters = PostgresParameters()
        parameters.add(text: expression.tsqueryText)
        parameters.add(int8: first)
        parameters.add(int8: place.createdAt)
        parameters.add(int8: place.position)
        parameters.add(int4: Int32(clamping: count))
        let rows = try self.query(PostgresSearchStatements.hits, parameters)
        var stretch = SearchStretch(positions: (0..<rows.count).map { rows.integer($0, 0) })
        if rows.count == count, let last = stretch.positions.last {
            let second = rows.integer(rows.count - 1, 1)
            stretch.next = SearchPlace(createdAt: second, position: last, level: place.level)
        } else if bucket != nil, first > max(since, 0) {
            stretch.next = SearchPlace(createdAt: first - 1, position: .max, level: place.level + 1)
        }
        return stretch
    }
}
