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

    private func forEach(_ key: Key, _ body: (Reference) -> Void) {
        guard let references = self.references[key] else { return }
        for reference in references { body(reference) }
    }

    /// Ids name one event, tag values and authors few, kinds many. Of several tags the one with the fewest values is
    /// taken.
    private static func keys(of filter: Filter) -> [Key] {
        if let ids = filter.ids { return ids.map { .id($0) } }
        let shortest = filter.tags.min { $0.values.count < $1.values.count }
        if let authors = filter.authors, authors.count <= shortest?.values.count ?? .max {
            return authors.map { .author($0) }
        }
        if let shortest { return Set(shortest.keys).map { .tag($0) } }
        if let kinds = filter.kinds { return kinds.map { .kind($0) } }
        return [.everything]
    }
}
