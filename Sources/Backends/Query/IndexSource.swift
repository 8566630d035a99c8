import Nostr

/// What the merge needs of a database; each dialect supplies its statements.
///
/// `among` says what will be asked for as well, the thing itself first: a database at the end of a wire is asked for
/// many things at once.
protocol IndexSource: SearchSource {
    /// What is committed, in the transaction that is open.
    func snapshot() throws(StorageError) -> Snapshot
    /// Keys whose events are shown no more, in the transaction that is open.
    func vanishing() throws(StorageError) -> Vanishing
    /// What a page is going to show: what is fixed already, or what is committed when its first rows are read.
    func beginPage(at fixed: Snapshot?) throws(StorageError) -> PageSnapshot
    /// What the page has shown, although there may have been nothing to read.
    func endPage(_ snapshot: PageSnapshot) throws(StorageError) -> Snapshot
    /// The number that stands for an author in the indexes; nil where nothing of it was ever stored.
    func number(of author: PublicKey, among authors: ArraySlice<PublicKey>) throws(StorageError) -> Int64?
    /// The kinds that an author has written; nil where they are more than `count`.
    func kinds(
        of author: Int64,
        atMost count: Int,
        among authors: ArraySlice<PublicKey>
    ) throws(StorageError) -> [Kind]?
    /// A time that no event of the author and kind is newer than, `.min` where there is none; nil where that is not
    /// known.
    func newest(of author: Int64, _ kind: Kind) throws(StorageError) -> Int64?
    /// The keyed hash that the tag index goes by.
    func tagHash(letter: UInt8, value: Span<UInt8>) -> Int64
    /// The entries of those of these events that the snapshot has, and of any whose ids begin alike.
    func entries(of ids: [EventID], in snapshot: PageSnapshot) throws(StorageError) -> [IndexEntry]
    /// Calls `visit` with the row of an event, where it is stored, and of any whose id begins alike.
    func lookUp(
        _ id: EventID,
        among ids: ArraySlice<EventID>,
        _ visit: (IndexEntry, StoredRow) -> Void
    ) throws(StorageError)
    /// Calls `visit` with the rows of an author and a kind, few as they are, until it returns false.
    func versions(
        of author: Int64,
        _ kind: Kind,
        among pairs: (authors: ArraySlice<PublicKey>, kinds: [Kind]),
        in window: IndexWindow,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError)
    /// Fetches a stream's next entries inside `window`; where it finds none in many rows, there may be more. What ties
    /// is fetched together.
    ///
    /// - Returns: how many index rows were looked at.
    func fill(_ stream: inout IndexStream, in window: IndexWindow) throws(StorageError) -> Int
    /// Walks over a stream's rows, from where it stands, until `visit` returns false; that row is left for the next
    /// walk. About `count` rows are wanted; where it finds few among many, it may end before.
    ///
    /// - Returns: how many rows it passed over that `visit` has not seen.
    func walk(
        _ stream: inout IndexStream,
        in window: IndexWindow,
        expecting count: Int,
        _ visit: (IndexEntry, StoredRow) -> Bool
    ) throws(StorageError) -> Int
    /// Calls `body` with the row at a position; returns nil where it has gone.
    func row<Result>(at position: Int64, _ body: (StoredRow) -> Result) throws(StorageError) -> Result?

    /// Whether `fill` and `row` are better told before what they will be asked for.
    static var looksAhead: Bool { get }
    /// Rows up to which `prepareRows` fetches.
    var rowsAtOnce: Int { get }
    /// Whether a stream's next entries are at hand.
    func holds(_ stream: borrowing IndexStream) -> Bool
    /// Fetches the next entries of these streams at once.
    func prepare(_ streams: [IndexStream], in window: IndexWindow) throws(StorageError)
    /// Whether the row at a position is at hand.
    func holdsRow(at position: Int64) -> Bool
    /// Fetches the rows at these positions at once, in place of those at hand.
    func prepareRows(at positions: [Int64]) throws(StorageError)
}

extension IndexSource {
    func beginPage(at fixed: Snapshot?) throws(StorageError) -> PageSnapshot {
        let vanishing = try self.vanishing()
        if let fixed { return PageSnapshot(fixed, vanishing) }
        return PageSnapshot(try self.snapshot(), vanishing)
    }

    func endPage(_ snapshot: PageSnapshot) throws(StorageError) -> Snapshot {
        if let known = snapshot.value { return known }
        return try self.snapshot()
    }

    static var looksAhead: Bool { false }
    var rowsAtOnce: Int { 0 }
    func holds(_ stream: borrowing IndexStream) -> Bool { true }
    func prepare(_ streams: [IndexStream], in window: IndexWindow) {}
    func holdsRow(at position: Int64) -> Bool { true }
    func prepareRows(at positions: [Int64]) {}
}

/// What of an index a query looks at.
struct IndexWindow {
    let since: Int64
    let until: Int64
    /// What of it counts.
    let snapshot: PageSnapshot
    /// Nil for all kinds; only the tag index needs it.
    let kinds: KindSet?
    /// Nil for all authors; only the indexes by kind and by time need it.
    let members: AuthorSet?
    let direction: StoredQuery.Direction

    init(
        since: Int64,
        until: Int64,
        snapshot: PageSnapshot,
        kinds: KindSet? = nil,
        members: AuthorSet? = nil,
        direction: StoredQuery.Direction
    ) {
        self.since = since
        self.until = until
        self.snapshot = snapshot
        self.kinds = kinds
        self.members = members
        self.direction = direction
    }

    /// What all its entries lie behind.
    var edge: IndexEntry {
        switch self.direction {
        case .newestFirst: IndexEntry(createdAt: self.until, tie: .max, position: .max)
        case .oldestFirst: IndexEntry(createdAt: self.since, tie: .min, position: .min)
        }
    }
}

/// A stored event as the database holds it, for as long as it is looked at.
struct StoredRow: ~Escapable {
    let json: Span<UInt8>
    let kind: Kind
    /// Seconds since 1970.
    let expiresAt: Int64?
    /// See `CommitPosition`.
    let transaction: Int64

    @_lifetime(copy json)
    init(json: Span<UInt8>, kind: Kind, expiresAt: Int64?, transaction: Int64) {
        self.json = json
        self.kind = kind
        self.expiresAt = expiresAt
        self.transaction = transaction
    }
}
