import Nostr

/// An inverted index of filters: each stands under its most selective key, so that an event is compared with few.
///
/// `Reference` is what a filter is found again by.
struct FilterIndex<Reference: Hashable> {
    private enum Key: Hashable {
        case id(EventID)
        case tag(TagKey)
        case author(PublicKey)
        case kind(Kind)
        case everything
    }

    private var references: [Key: Set<Reference>] = [:]

    /// Files a filter under its keys.
    mutating func insert(_ filter: Filter, _ reference: Reference) {
        for key in Self.keys(of: filter) { self.references[key, default: []].insert(reference) }
    }

    /// Takes a filter out again.
    mutating func remove(_ filter: Filter, _ reference: Reference) {
        for key in Self.keys(of: filter) {
            self.references[key]?.remove(reference)
            if self.references[key]?.isEmpty == true { self.references[key] = nil }
        }
    }

    /// Calls `body` with every filter that might match the event, some perhaps several times.
    ///
    /// - Parameter lookup: the event's tags, where it has many.
    func forEachCandidate(of event: Event, _ lookup: TagLookup? = nil, _ body: (Reference) -> Void) {
        self.forEach(.id(event.id), body)
        self.forEach(.author(event.pubkey), body)
        self.forEach(.kind(event.kind), body)
        if let lookup {
            for key in lookup.keys { self.forEach(.tag(key), body) }
        } else {
            for tag in event.indexedTags { self.forEach(.tag(tag.key), body) }
        }
        self.forEach(.everything, body)
    }

    /// What of a filter has yet to hold for an event that is found under one of the filter's keys.
    static func remainder(of filter: Filter) -> Filter {
        var remainder = filter
        switch Self.criterion(of: filter) {
        case .ids: remainder.ids = nil
        case .authors: remainder.authors = nil
        case .kinds: remainder.kinds = nil
        // Keys of tags are hashes.
        case .tag, .none: break
        }
        return remainder
    }

    private func forEach(_ key: Key, _ body: (Reference) -> Void) {
        guard let references = self.references[key] else { return }
        for reference in references { body(reference) }
    }

    /// The condition under whose values a filter stands.
    private enum Criterion {
        case ids([EventID])
        case authors([PublicKey])
        case kinds([Kind])
        case tag(TagCondition)
        case none
    }

    /// Ids name one event, tag values and authors few, kinds many. Of several tags the one with the fewest values is
    /// taken.
    private static func criterion(of filter: Filter) -> Criterion {
        if let ids = filter.ids { return .ids(ids) }
        let shortest = filter.tags.min { $0.values.count < $1.values.count }
        if let authors = filter.authors, authors.count <= shortest?.values.count ?? .max { return .authors(authors) }
        if let shortest { return .tag(shortest) }
        return filter.kinds.map { .kinds($0) } ?? .none
    }

    private static func keys(of filter: Filter) -> [Key] {
        switch Self.criterion(of: filter) {
        case .ids(let ids): ids.map { .id($0) }
        case .authors(let authors): authors.map { .author($0) }
        case .kinds(let kinds): kinds.map { .kind($0) }
        case .tag(let tag): Set(tag.keys).map { .tag($0) }
        case .none: [.everything]
        }
    }
}
