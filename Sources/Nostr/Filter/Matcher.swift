/// A filter made ready to be tried on many events.
public struct Matcher: Sendable {
    private let ids: ValueSet<EventID>?
    private let authors: ValueSet<PublicKey>?
    private let kinds: ValueSet<Kind>?
    private let since: Int64
    private let until: Int64
    private let tags: [PreparedCondition]
    private let search: SearchQuery?

    private struct PreparedCondition: Sendable {
        let letter: UInt8
        /// Values by key; more than one only where keys collide.
        let values: [TagKey: [[UInt8]]]
    }

    public init(_ filter: Filter) {
        self.ids = filter.ids.map(ValueSet.init)
        self.authors = filter.authors.map(ValueSet.init)
        self.kinds = filter.kinds.map(ValueSet.init)
        self.since = filter.since ?? .min
        self.until = filter.until ?? .max
        self.search = filter.search
        self.tags = filter.tags.map { condition in
            let keyed = zip(condition.keys, condition.values.map { [$0] })
            return PreparedCondition(letter: condition.letter, values: Dictionary(keyed, uniquingKeysWith: +))
        }
    }

    /// Whether all conditions hold; the limit is not one of them.
    ///
    /// - Parameters:
    ///   - lookup: the event's tags, where it has many.
    ///   - words: the event's words, where it is tried on several filters.
    public func matches(_ event: Event, _ lookup: TagLookup? = nil, _ words: EventWords? = nil) -> Bool {
        guard event.createdAt >= self.since, event.createdAt <= self.until else { return false }
        if let kinds, !kinds.contains(event.kind) { return false }
        if let authors, !authors.contains(event.pubkey) { return false }
        if let ids, !ids.contains(event.id) { return false }
        guard self.tags.allSatisfy({ Self.holds($0, for: event, lookup) }) else { return false }
        return self.search?.matches(event, words?.words ?? event.searchWords) ?? true
    }

    /// Whether the filter names the id, or asks for none.
    public func names(_ id: EventID) -> Bool { self.ids?.contains(id) ?? true }

    private static func holds(_ condition: PreparedCondition, for event: Event, _ lookup: TagLookup?) -> Bool {
        if let lookup, condition.values.count < event.indexedTags.count {
            return condition.values.contains { key, values in
                lookup[key].contains { Self.holds(values, $0, of: event) }
            }
        }
        for tag in event.indexedTags where tag.letter == condition.letter {
            guard let values = condition.values[tag.key] else { continue }
            if Self.holds(values, tag, of: event) { return true }
        }
        return false
    }

    /// Whether a tag whose key is right has one of the values.
    private static func holds(_ values: [[UInt8]], _ tag: IndexedTag, of event: Event) -> Bool {
        values.contains { event.canonicalValue(of: tag).equals($0.span) }
    }
}
