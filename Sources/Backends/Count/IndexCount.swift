import Nostr

/// How far the events of one filter have been counted by an index alone.
struct IndexCount: Sendable {
    /// What leads to streams, each event in one of them.
    enum Leads: Sendable {
        case everything
        case kinds(ArraySlice<Kind>)
        /// All kinds that are stored, from this one on.
        case storedKinds(from: Int)
        /// Of each author these kinds, or all.
        case authors(ArraySlice<PublicKey>, [Kind]?)
        case none
    }

    let filter: Filter
    /// Kinds that are left out where the filter names none.
    let restricted: Set<Kind>
    /// What is not opened yet.
    var leads: Leads
    /// Streams that are open.
    var streams: [IndexStream] = []
    var hasBegun = false

    /// - Parameter filter: it asks for neither ids nor tags, nor for a restricted kind.
    init(_ filter: Filter, without restricted: Set<Kind>) {
        self.filter = filter
        self.restricted = restricted
        if let authors = filter.authors {
            self.leads = .authors(authors.distinct[...], filter.kinds?.distinct)
        } else if let kinds = filter.kinds {
            self.leads = .kinds(kinds.distinct[...])
        } else {
            self.leads = restricted.isEmpty ? .everything : .storedKinds(from: 0)
        }
    }

    var isDone: Bool {
        if case .none = self.leads { self.streams.isEmpty } else { false }
    }

    var window: IndexWindow {
        IndexWindow(
            since: self.filter.since ?? .min,
            until: self.filter.until ?? .max,
            // Newest first, so that no event is counted twice, whatever is stored and replaced meanwhile.
            snapshot: PageSnapshot(Snapshot(through: .max)),
            direction: .newestFirst
        )
    }

    /// The same events, or those of one author, as a query that looks at each of them.
    func query(author: PublicKey? = nil, for readership: Readership, now: Int64) -> StoredQuery {
        var filter = self.filter
        if let author { filter.authors = [author] }
        // Restricted kinds belong to another part, whoever may read them.
        var stranger = readership
        stranger.keys = []
        return StoredQuery([filter], readership: stranger, now: now)
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    fileprivate var distinct: [Element] {
        var seen: Set<Element> = []
        return self.filter { seen.insert($0).inserted }
    }
}
