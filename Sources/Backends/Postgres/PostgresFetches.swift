import Nostr

/// What one page has fetched ahead: a server is asked for many things at once.
struct PostgresFetches {
    /// Rows by position.
    var rows: [Int64: Place] = [:]
    /// Rows by id; nil for ids that were asked for in vain.
    var ids: [EventID: Place?] = [:]
    /// Rows by author and kind; empty for what was asked for in vain.
    var versions: [AuthorKind: [Place]] = [:]
    /// Kinds that authors have written, as far as they were asked for.
    var kinds: [Int64: [Kind]] = [:]
    /// Authors that were asked for in vain.
    var strangers: Set<PublicKey> = []
    /// The next entries of streams.
    var entries: [StreamKey: Entries] = [:]

    /// Where a row stands in an answer.
    struct Place {
        let rows: PostgresRows
        let index: Int
    }

    struct AuthorKind: Hashable {
        let author: Int64
        let kind: Kind
    }

    /// A stream at the place where it stands.
    struct StreamKey: Hashable {
        let first: Int64
        let second: Int32
        let last: IndexEntry?

        /// Nil for a stream that has no statement.
        init?(_ stream: borrowing IndexStream) {
            switch stream.prefix {
            case .list: return nil
            case .tag(let hash, _, _): (self.first, self.second) = (hash, 0)
            case .author(let number, let kind): (self.first, self.second) = (number, Int32(kind.rawValue))
            case .kind(let kind): (self.first, self.second) = (0, Int32(kind.rawValue))
            case .time: (self.first, self.second) = (0, 0)
            }
            self.last = stream.last
        }
    }

    /// A stretch of an answer that belongs to one stream.
    struct Entries {
        let rows: PostgresRows
        let range: Range<Int>
        /// How many were asked for: fewer are all that there are.
        let wanted: Int
    }
}
