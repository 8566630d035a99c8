import Nostr

/// Events that are counted in one way.
enum CountPart: Sendable {
    /// By the pages of a query, which look at every event.
    case rows(StoredQuery)
    /// By the entries of an index, of which nothing is left to check.
    case index(IndexCount)
}

extension CountPart {
    /// The parts that the events of these filters fall into, each of which belongs to one.
    static func parts(of filters: [Filter], for readership: Readership, now: Int64) -> [CountPart] {
        let readable = filters.compactMap { $0.readable(by: readership) }
        return Self.groups(of: readable).flatMap { group -> [CountPart] in
            if group.count == 1, group[0].ids == nil, group[0].tags.isEmpty, group[0].search == nil {
                return Self.byIndex(group[0], for: readership, now: now)
            }
            return [.rows(StoredQuery(group, readership: readership, now: now))]
        }
    }

    /// Private kinds are told event by event, all others by the index.
    private static func byIndex(_ filter: Filter, for readership: Readership, now: Int64) -> [CountPart] {
        let restricted = readership.isOperator ? [] : readership.privateKinds
        var (open, closed) = (filter, filter)
        open.kinds = filter.kinds?.filter { !restricted.contains($0) }
        closed.kinds = filter.kinds?.filter(restricted.contains) ?? restricted.sorted { $0.rawValue < $1.rawValue }
        var parts: [CountPart] = []
        if !open.isUnsatisfiable { parts.append(.index(IndexCount(open, without: restricted))) }
        if !closed.isUnsatisfiable, !readership.keys.isEmpty {
            parts.append(.rows(StoredQuery([closed], readership: readership, now: now)))
        }
        return parts
    }

    /// Filters and values up to which it is asked which filters cannot match the same event.
    private static let mostCompared = (filters: 32, values: 1_000)

    /// The filters, those together that may match the same event.
    private static func groups(of filters: [Filter]) -> [[Filter]] {
        guard filters.count > 1 else { return filters.isEmpty ? [] : [filters] }
        let values = filters.reduce(0) { $0 + $1.valueCount }
        guard filters.count <= Self.mostCompared.filters, values <= Self.mostCompared.values else { return [filters] }
        var groups: [[Filter]] = []
        for filter in filters {
            let met = groups.filter { group in group.contains { !$0.isApart(from: filter) } }
            groups.removeAll { group in group.contains { !$0.isApart(from: filter) } }
            groups.append(met.flatMap { $0 } + [filter])
        }
        return groups
    }
}

extension Filter {
    /// The filter without its limit, and without what the reader cannot see in any case; nil where nothing can match.
    fileprivate func readable(by readership: Readership) -> Filter? {
        var filter = self
        filter.limit = nil
        if readership.keys.isEmpty { filter.kinds = self.kinds?.filter { !readership.isRestricted($0) } }
        return filter.isUnsatisfiable ? nil : filter
    }

    /// Whether no event can match both.
    fileprivate func isApart(from other: Filter) -> Bool {
        if Self.areDisjoint(self.kinds, other.kinds) || Self.areDisjoint(self.authors, other.authors) { return true }
        if Self.areDisjoint(self.ids, other.ids) { return true }
        return max(self.since ?? .min, other.since ?? .min) > min(self.until ?? .max, other.until ?? .max)
    }

    private static func areDisjoint<Value: Hashable>(_ some: [Value]?, _ others: [Value]?) -> Bool {
        guard let some, let others else { return false }
        return Set(some).isDisjoint(with: others)
    }
}
