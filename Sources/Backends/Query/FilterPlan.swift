import Nostr

/// Which index answers a filter, and what is left to check on the events themselves.
///
/// Every shape of filter has an index; nothing is ever answered by a scan of all events but what asks for all.
struct FilterPlan: Sendable {
    enum Driver: Sendable {
        case ids([EventID])
        /// One stream a value; the kinds are checked in the index.
        case tag(TagCondition)
        /// One stream per author and kind.
        case authorKinds([PublicKey], [Kind])
        /// One stream per author and each kind that it has written.
        case authors([PublicKey])
        /// One stream a kind, or one of all events: those of strangers are told in the index. A trial: see `ScanTrial`.
        case members([PublicKey], [Kind]?)
        case kinds([Kind])
        case time

        /// For the log.
        var name: String {
            switch self {
            case .ids: "id"
            case .tag(let condition): "#\(Character(Unicode.Scalar(condition.letter)))"
            case .authorKinds, .authors: "author"
            case .members(_, nil), .time: "time"
            case .members, .kinds: "kind"
            }
        }

        /// How many values the driver goes by, each of which leads to streams of its own; all ids together are one.
        var leads: Int {
            switch self {
            case .ids, .time: 1
            case .tag(let condition): condition.values.count
            case .authorKinds(let authors, _), .authors(let authors): authors.count
            case .members(_, let kinds): kinds?.count ?? 1
            case .kinds(let kinds): kinds.count
            }
        }
    }

    /// What the index leaves open.
    enum Residue: Sendable {
        case nothing
        /// The index goes by the beginning of the id: the rest of it must be right.
        case id
        /// The index goes by hash: the value itself must be there.
        case tagValue
        case everything
    }

    let driver: Driver
    let residue: Residue

    /// Whether the events themselves are checked against the filter.
    var needsMatcher: Bool {
        switch self.residue {
        case .nothing, .tagValue: false
        case .id, .everything: true
        }
    }

    /// Kinds, of a filter or an author, that are looked at one by one where streams must be few.
    static let maximumKinds = 1_024

    /// Whether an event that came up through one stream is to be checked anew when it comes up through another.
    var dependsOnStream: Bool {
        if case .tagValue = self.residue { true } else { false }
    }

    init(_ filter: Filter) {
        if let ids = filter.ids {
            self.driver = .ids(ids)
            let asksForMore = filter.authors != nil || filter.kinds != nil || !filter.tags.isEmpty
            self.residue = asksForMore || filter.search != nil ? .everything : .id
        } else if let condition = Self.bestTag(of: filter) {
            self.driver = .tag(condition)
            self.residue =
                filter.tags.count == 1 && filter.authors == nil && filter.search == nil ? .tagValue : .everything
        } else if let authors = filter.authors {
            if filter.tags.isEmpty, filter.kinds?.count ?? 1 <= Self.scannedKinds,
                ScanTrial.isWorthwhile(authors: authors.count, kinds: filter.kinds?.count)
            {
                self.driver = .members(authors, filter.kinds)
            } else {
                self.driver = Self.byAuthors(authors, filter.kinds)
            }
            self.residue = filter.tags.isEmpty ? .nothing : .everything
        } else if let kinds = filter.kinds {
            self.driver = .kinds(kinds)
            self.residue = .nothing
        } else {
            self.driver = .time
            self.residue = .nothing
        }
    }

    /// The plan that needs few streams, whatever the filter names: by kind or by time, and the events tell the rest.
    init(scanning filter: Filter) {
        if let kinds = filter.kinds, kinds.count <= Self.maximumKinds {
            self.driver = .kinds(kinds)
        } else {
            self.driver = .time
        }
        self.residue = .everything
    }

    /// The plan that reads each author's own streams.
    init(byAuthors filter: Filter) {
        self.driver = Self.byAuthors(filter.authors ?? [], filter.kinds)
        self.residue = filter.tags.isEmpty ? .nothing : .everything
    }

    private static func byAuthors(_ authors: [PublicKey], _ kinds: [Kind]?) -> Driver {
        kinds.map { .authorKinds(authors, $0) } ?? .authors(authors)
    }

    /// Kinds up to which a scan for authors goes by kind.
    private static let scannedKinds = 8

    /// The events that can match at most, where that is known: there is one of an author and a replaceable kind.
    func mostEvents(of filter: Filter) -> Int? {
        if let ids = filter.ids { return ids.count }
        guard let authors = filter.authors, let kinds = filter.kinds,
            kinds.allSatisfy({ $0.retention == .replaceable })
        else { return nil }
        return authors.count * kinds.count
    }

    /// The tag condition to go by: one that names an event, a key or an address if there is one, else the shortest. A
    /// few authors are a better lead than a topic that everyone writes about.
    private static func bestTag(of filter: Filter) -> TagCondition? {
        let naming = filter.tags.filter { Self.isNaming($0.letter) }
        if let condition = naming.min(by: { $0.values.count < $1.values.count }) { return condition }
        if let authors = filter.authors, authors.count * (filter.kinds?.count ?? 8) <= 64 { return nil }
        return filter.tags.min { $0.values.count < $1.values.count }
    }

    /// Letters whose values name one thing: event, event (root), address, address (root), key, quote, identity.
    static func isNaming(_ letter: UInt8) -> Bool {
        [UInt8]("eEaAqi".utf8).contains(letter)
    }
}
