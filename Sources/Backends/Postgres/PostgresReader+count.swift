import Nostr

extension PostgresReader: CountSource {
    /// Expired events that are left out of counts one by one: the server compares each entry with all of them.
    private static let mostExpired = 64
    /// Streams of one statement.
    private static let mostStreams = 256
    static let entriesAtOnce = 10_000

    func advance(_ count: consuming StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount {
        // Kept for a second try, where the connection turns out to be lost.
        let count = count
        return try self.read { () throws(StorageError) in
            for case .rows(let query) in count.parts {
                if let snapshot = query.snapshot { try self.check(snapshot) }
            }
            var advanced = count
            var runner = CountRunner(self, bounds: bounds)
            try runner.advance(&advanced)
            return advanced
        }
    }

    func tally(
        _ streams: inout [IndexStream],
        in window: IndexWindow,
        atMost count: Int,
        leavingOut positions: Set<Int64>
    ) throws(StorageError) -> Tally {
        let asked = streams.prefix(Self.mostStreams)
        let keys = asked.compactMap { PostgresFetches.StreamKey($0) }
        guard let first = asked.first, keys.count == asked.count else { return Tally() }
        let each = max(count / asked.count, 16)
        let places = asked.map { Place($0.last, in: window) }
        var parameters = PostgresParameters()
        parameters.add(int8s: keys.map(\.first))
        parameters.add(int4s: keys.map(\.second))
        parameters.add(int8s: places.map(\.createdAt))
        parameters.add(int4s: places.map(\.tie))
        parameters.add(int8s: places.map(\.position))
        parameters.add(int8: Place.edge(of: window))
        parameters.add(int4: Int32(clamping: each))
        parameters.add(int8s: positions)
        let statements = PostgresCountStatements.tallies
        let statement: PostgresStatement
        switch first.prefix {
        case .author: statement = statements.author
        case .kind: statement = statements.kind
        case .time: statement = statements.time
        case .tag, .list: throw .failed("these streams are not counted by the index")
        }
        let rows = try self.query(statement, parameters)
        var sum = Tally()
        for row in 0..<rows.count {
            let index = Int(rows.integer(row, 0)) - 1
            let passed = Int(rows.integer(row, 1))
            guard streams.indices.contains(index) else { continue }
            sum.passed += passed
            sum.counted += Int(rows.integer(row, 2))
            if passed > 0 { streams[index].last = Self.entry(rows, row, from: 3) }
            streams[index].isExhausted = passed < each
        }
        return sum
    }

    func expired(by now: Int64) throws(StorageError) -> Set<Int64>? {
        var parameters = PostgresParameters()
        parameters.add(int8: now)
        parameters.add(int4: Int32(Self.mostExpired + 1))
        let rows = try self.query(PostgresCountStatements.expired, parameters)
        return rows.count > Self.mostExpired ? nil : Set((0..<rows.count).map { rows.integer($0, 0) })
    }

    func storedKinds(from kind: Int, atMost count: Int) throws(StorageError) -> [Kind] {
        var parameters = PostgresParameters()
        parameters.add(int4: Int32(clamping: kind))
        parameters.add(int4: Int32(clamping: count))
        let rows = try self.query(PostgresCountStatements.kinds, parameters)
        return (0..<rows.count).map { Kind(UInt16(truncatingIfNeeded: rows.integer($0, 0))) }
    }

    func positions() throws(StorageError) -> ClosedRange<Int64>? {
        let rows = try self.query(PostgresCountStatements.positions)
        guard rows.count == 1, let first = rows.optionalInteger(0, 0), let last = rows.optionalInteger(0, 1),
            first <= last
        else { return nil }
        return first...last
    }
}
