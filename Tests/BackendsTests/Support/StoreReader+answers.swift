import Backends
import Nostr
import Testing

extension StoreReader {
    /// All pages of a query's answer, up to the last.
    func pages(of query: StoredQuery, bounds: PageBounds = PageBounds()) throws -> [EventPage] {
        var pages: [EventPage] = []
        var query = query
        // A page that brings nothing must at least have looked at something, so an answer ends.
        for _ in 0..<1_000_000 {
            let page: EventPage
            (page, query) = try self.nextPage(of: query, bounds: bounds)
            pages.append(page)
            if page.isLast { return pages }
        }
        try #require(Bool(false), "an answer does not end")
        return pages
    }

    /// The ids of a query's answer, in its order.
    func ids(answering query: StoredQuery, bounds: PageBounds = PageBounds()) throws -> [EventID] {
        try self.pages(of: query, bounds: bounds).flatMap(\.ids)
    }

    /// The ids of the answer that the operator gets to these filters.
    func ids(_ filters: Filter...) throws -> [EventID] { try self.ids(answering: .of(filters)) }
}

extension EventPage {
    /// The texts of the page as events.
    var events: [Event] {
        (0..<self.count).compactMap { Event(canonical: Array(self.bytes[self.range($0)])) }
    }

    var ids: [EventID] {
        (0..<self.count).compactMap { index in
            let range = self.range(index)
            return Event.id(ofCanonical: self.bytes.span.extracting(range))
        }
    }
}

extension StoredQuery {
    /// The operator's query, without limits, before anything expires.
    static func of(_ filters: [Filter], direction: Direction = .newestFirst) -> StoredQuery {
        StoredQuery(filters, readership: .operator, now: .min, direction: direction)
    }

    static func everything(_ direction: Direction = .newestFirst) -> StoredQuery {
        .of([Filter()], direction: direction)
    }
}
