import Nostr

/// Walking along indexes.
extension PostgresReader {
    /// Streams that one statement fetches entries of.
    private static let mostStreams = 512
    /// Entries that are looked at for each that is wanted, where kinds or authors are told by the entries.
    private static let leastScanned = 256
    /// Rows that one statement brings along at most: an event may be large.
    private static let mostRows = 256
    /// Bytes of JSON that one statement is to bring along, more or less: a page is not much larger.
    private static let mostBytes = 320 << 10

    /// Rows that one statement is to bring along, by the size that they had lately.
    var rowsAtOnce: Int { min(max(Self.mostBytes / max(self.rowBytes, 1), 16), Self.mostRows) }

    /// Notes how large rows are whose statement gives the JSON behind six columns.
    func noteSize(of rows: PostgresRows) {
        guard rows.count > 0 else { return }
        let bytes = (0..<rows.count).reduce(0) { $0 + rows.length($1, 6) }
        self.rowBytes = (self.rowBytes + bytes / rows.count) / 2
    }

    /// Kinds up to which the server tells them.
    private static let mostToldKinds = 16

    func holds(_ stream: borrowing IndexStream) -> Bool {
        PostgresFetches.StreamKey(stream).map { self.fetched.entries[$0] != nil } ?? true
    }

    func prepare(_ streams: [IndexStream], in window: IndexWindow) throws(StorageError) {
        for start in stride(from: 0, to: streams.count, by: Self.mostStreams) {
            try self.fetch(streams[start..<min(start + Self.mostStreams, streams.count)], in: window)
        }
    }

    /// Fetches the next entries of streams that all lie in one index.
    private func fetch(_ streams: ArraySlice<IndexStream>, in window: IndexWindow) throws(StorageError) {
        let keys = streams.compactMap { PostgresFetches.StreamKey($0) }
        guard keys.count == streams.count, let first = streams.first,
            let walk = Self.walk(PostgresStreamStatements.entries, first.prefix)
        else { return }
        var wanted = streams.reduce(1) { max($0, $1.chunk) }
        if Self.tells(first.prefix, window) { wanted = max(wanted, Self.leastScanned) }
        let places = keys.map { Place($0.last, in: window) }
        var parameters = PostgresParameters()
        parameters.add(int8s: keys.map(\.first))
        parameters.add(int4s: keys.map(\.second))
        parameters.add(int8s: places.map(\.createdAt))
        parameters.add(int4s: places.map(\.tie))
        parameters.add(int8s: places.map(\.position))
        parameters.add(int8: Place.edge(of: window))
        parameters.add(int4: Int32(clamping: wanted))
        let rows = try self.query(walk.statement(window.direction), parameters)
        var start = 0
        var ranges: [Int64: Range<Int>] = [:]
        while start < rows.count {
            let number = rows.integer(start, 0)
            var end = start + 1
            while end < rows.count, rows.integer(end, 0) == number { end += 1 }
            ranges[number] = start..<end
            start = end
        }
        for (index, key) in keys.enumerated() {
            let range = ranges[Int64(index + 1)] ?? 0..<0
            self.fetched.entries[key] = PostgresFetches.Entries(rows: rows, range: range, wanted: wanted)
        }
    }

    func fill(_ stream: inout IndexStream, in window: IndexWindow) throws(StorageError) -> Int {
        stream.entries.removeAll(keepingCapacity: true)
        stream.next = 0
        guard let key = PostgresFetches.StreamKey(stream) else {
            stream.isExhausted = true
            return 0
        }
        if self.fetched.entries[key] == nil { try self.fetch([stream], in: window) }
        guard let found = self.fetched.entries.removeValue(forKey: key) else {
            throw .failed("a stream's entries were asked for in vain")
        }
        let isTag = if case .tag = stream.prefix { true } else { false }
        let members = isTag ? nil : window.members
        let kinds = isTag ? window.kinds : nil
        for index in found.range {
            if let members, !members.contains(found.rows.integer(index, 4)) { continue }
            if let kinds, !kinds.contains(Kind(UInt16(truncatingIfNeeded: found.rows.integer(index, 4)))) { continue }
            stream.entries.append(Self.entry(found.rows, index, from: 1))
        }
        if let last = found.range.last { stream.last = Self.entry(found.rows, last, from: 1) }
        stream.isExhausted = found.range.count < found.wanted
        stream.chunk = min(stream.chunk * 2, 512)
        return found.range.count
    }

    func walk(
        _ stream: inout IndexStream,
        in window: IndexWindow,
        expecting count: Int,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError) -> Int {
        guard let key = PostgresFetches.StreamKey(stream),
            let walk = Self.walk(PostgresStreamStatements.rows, stream.prefix)
        else {
            stream.isExhausted = true
            return 0
        }
        var passed = 0
        var visited: IndexEntry?
        let kinds = Self.kindsToTell(stream.prefix, window)
        // One more tells that those before it are in order, and the page is done.
        var wanted = max(min(count, self.rowsAtOnce - 1), 1) + 1
        while true {
            let place = Place(stream.last, in: window)
            var parameters = PostgresParameters()
            parameters.add(int8: place.createdAt)
            parameters.add(int4: place.tie)
            parameters.add(int8: place.position)
            parameters.add(int8: Place.edge(of: window))
            parameters.add(int4: Int32(clamping: wanted))
            switch stream.prefix {
            case .author:
                parameters.add(int4: key.second)
                parameters.add(int4: Int32(truncatingIfNeeded: key.first))
            case .kind: parameters.add(int4: key.second)
            case .tag: parameters.add(int8: key.first)
            case .time, .list: break
            }
            let isOfKinds = kinds != nil
            let stretch = max(wanted * 4, Self.leastScanned)
            if let kinds {
                parameters.add(int8: Int64(stretch))
                parameters.add(int4s: kinds)
            }
            let statements = isOfKinds ? PostgresStreamStatements.rowsOfKinds : walk
            let rows = try self.query(statements.statement(window.direction), parameters)
            self.noteSize(of: rows)
            for index in 0..<rows.count {
                let place = PostgresFetches.Place(rows: rows, index: index)
                // The event of an entry of the tag index may have gone with the entry, a moment ago.
                guard rows.isNull(index, 6) || self.withRow(place, visit) else { return passed }
                stream.last = Self.entry(rows, index)
                if !rows.isNull(index, 6) { visited = stream.last }
            }
            let looked = isOfKinds && rows.count > 0 ? Int(rows.integer(rows.count - 1, 7)) : rows.count
            passed += looked - rows.count
            guard rows.count == wanted else {
                guard isOfKinds, looked == stretch, let last = stream.last else { break }
                // A page is a bounded piece of work: it ends where a whole stretch has little to give, but for ties.
                guard visited?.ties(with: last) ?? false else { return passed }
                continue
            }
            wanted = min(wanted * 2, self.rowsAtOnce)
        }
        stream.isExhausted = true
        return passed
    }

    /// The kinds that a walk along the tag index keeps, where they are few enough to be compared one by one.
    private static func kindsToTell(_ prefix: IndexStream.Prefix, _ window: IndexWindow) -> [Int32]? {
        guard case .tag = prefix, let kinds = window.kinds?.values, kinds.count <= Self.mostToldKinds else {
            return nil
        }
        return kinds.map { Int32($0.rawValue) }
    }

    /// Whether entries of a stream are passed over for their kind or author.
    private static func tells(_ prefix: IndexStream.Prefix, _ window: IndexWindow) -> Bool {
        if case .tag = prefix { window.kinds != nil } else { window.members != nil }
    }

    private static func walk(
        _ statements: PostgresStreamStatements,
        _ prefix: IndexStream.Prefix
    ) -> PostgresStreamStatements.Walk? {
        switch prefix {
        case .list: nil
        case .tag: statements.tag
        case .author: statements.author
        case .kind: statements.kind
        case .time: statements.time
        }
    }

    /// Where a stream stands, in the columns' types.
    struct Place {
        let createdAt: Int64
        let tie: Int32
        let position: Int64

        init(_ entry: IndexEntry?, in window: IndexWindow) {
            let entry = entry ?? window.edge
            self.createdAt = entry.createdAt
            self.tie = Int32(clamping: entry.tie)
            self.position = entry.position
        }

        /// The last second of the window.
        static func edge(of window: IndexWindow) -> Int64 {
            window.direction == .newestFirst ? window.since : window.until
        }
    }
}
