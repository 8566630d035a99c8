import Backends

extension SharedOptions {
    /// Runs a query to its end, page by page.
    func forEachPage(of query: StoredQuery, _ body: (EventPage) throws -> Void) throws {
        let reader = try self.store().openReader()
        defer { reader.close() }
        var query = query
        var isLast = query.isEmpty
        while !isLast {
            let page: EventPage
            (page, query) = try reader.nextPage(of: query, bounds: PageBounds(events: 1_000, bytes: 1 << 20))
            try body(page)
            isLast = page.isLast
        }
    }
}
