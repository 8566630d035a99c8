/// What a REQ asks for (NIP-01, "filters"): conditions that all have to hold; a list holds where one of its values
/// does.
public struct Filter: Sendable, Hashable {
    /// Nil where the filter does not ask; an empty list matches nothing.
    public var ids: [EventID]?
    public var authors: [PublicKey]?
    public var kinds: [Kind]?
    public var tags: [TagCondition] = []
    /// Seconds since 1970, inclusive.
    public var since: Int64?
    /// Seconds since 1970, inclusive.
    public var until: Int64?
    /// How many stored events at most; says nothing about live ones.
    public var limit: Int?

    /// Words that the event must hold (NIP-50); nil where none are asked for.
    public var search: SearchQuery?

    public init() {}

    /// Whether no event can match: an empty list, or a window that ends before it begins.
    public var isUnsatisfiable: Bool {
        if let ids, ids.isEmpty { return true }
        if let authors, authors.isEmpty { return true }
        if let kinds, kinds.isEmpty { return true }
        if self.tags.contains(where: \.values.isEmpty) { return true }
        if let since, let until, since > until { return true }
        return false
    }

    /// Values in all its lists.
    public var valueCount: Int {
        (self.ids?.count ?? 0) + (self.authors?.count ?? 0) + (self.kinds?.count ?? 0)
            + self.tags.reduce(0) { $0 + $1.values.count }
    }
}
