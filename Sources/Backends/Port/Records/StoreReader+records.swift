extension StoreReader {
    /// Calls `body` with every record of a section, struck ones among them, in the order of their revisions.
    public func forEachRecord(in section: String, _ body: (Record) throws -> Void) throws {
        let count = 1_000
        var last: Int64 = 0
        while true {
            let records = try self.records(in: section, after: last, atMost: count)
            for record in records { try body(record) }
            guard records.count == count, let next = records.last else { return }
            last = next.revision
        }
    }
}
