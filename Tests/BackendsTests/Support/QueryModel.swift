import Backends
import Nostr

/// What queries must answer, by a plain filter and a plain sort over all that is stored.
struct QueryModel {
    /// Newest first, ties by id ascending.
    private let rows: [Row]

    /// An event with what filters ask for read out of it once.
    private final class Row {
        let event: Event
        let expiresAt: Int64?
        /// Letters and canonical values of the tags that can be asked for.
        let tags: [(letter: UInt8, value: [UInt8])]

        init(_ event: Event) {
            self.event = event
            let expiry = event.tags.first { $0[0] == "expiration" && $0.count > 1 }
            self.expiresAt = expiry.flatMap { Int64($0[1]) }
            self.tags = event.tags.compactMap { tag in
                guard tag.count > 1, tag[0].utf8.count == 1, let letter = tag[0].utf8.first else { return nil }
                return (letter, Filter.canonical(tag[1]))
            }
        }
    }

    init(_ events: [Event]) {
        self.rows = events.map(Row.init).sorted { one, other in
            if one.event.createdAt != other.event.createdAt { return one.event.createdAt > other.event.createdAt }
            return one.event.id.hex < other.event.id.hex
        }
    }

    /// The ids of the answer, in its order.
    func answer(
        _ filters: [Filter],
        limit: (default: Int, maximum: Int)? = nil,
        readership: Readership = .operator,
        now: Int64 = .min,
        direction: StoredQuery.Direction = .newestFirst
    ) -> [EventID] {
        var visible = self.rows.filter { row in
            if let expiresAt = row.expiresAt, expiresAt <= now { return false }
            return Self.mayRead(row, readership)
        }
        if direction == .oldestFirst { visible.reverse() }
        var shown: Set<EventID> = []
        for filter in filters {
            let most = min(filter.limit ?? limit?.default ?? .max, limit?.maximum ?? .max)
            let matches = visible.filter { Self.matches($0, filter) }
            // Where the limit is not the client's, the last second is told to its end.
            let last = matches.prefix(most).last?.event.createdAt
            let rest = limit == nil ? [] : matches.dropFirst(most).prefix { $0.event.createdAt == last }
            let given = matches.prefix(most) + rest
            shown.formUnion(given.prefix(filter.limit ?? .max).map(\.event.id))
        }
        return visible.map(\.event.id).filter(shown.contains)
    }

    private static func mayRead(_ row: Row, _ readership: Readership) -> Bool {
        if readership.isOperator || !readership.privateKinds.contains(row.event.kind) { return true }
        if readership.keys.contains(row.event.pubkey) { return true }
        let parties = row.tags.filter { $0.letter == UInt8(ascii: "p") }.map {
            String(decoding: $0.value, as: UTF8.self)
        }
        return readership.keys.contains { parties.contains($0.hex) }
    }

    private static func matches(_ row: Row, _ filter: Filter) -> Bool {
        if let since = filter.since, row.event.createdAt < since { return false }
        if let until = filter.until, row.event.createdAt > until { return false }
        if let kinds = filter.kinds, !kinds.contains(row.event.kind) { return false }
        if let authors = filter.authors, !authors.contains(row.event.pubkey) { return false }
        if let ids = filter.ids, !ids.contains(row.event.id) { return false }
        return filter.tags.allSatisfy { condition in
            row.tags.contains { $0.letter == condition.letter && condition.values.contains($0.value) }
        }
    }
}
