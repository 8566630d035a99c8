import Backends

/// Whole answers to queries that are asked again and again, kept until the database changes.
///
/// A query is kept when it comes for the second time: what is asked once costs no memory.
struct ResultCache {
    private struct Answer {
        let page: EventPage
        let query: StoredQuery
        /// Bytes of memory, more or less.
        let bytes: Int
    }

    private let maximumBytes: Int
    private var answers: [StoredQuery.Key: Answer] = [:]
    private var bytes = 0
    /// The state of the database that the answers are from.
    private var version: Int64?
    /// Hashes of the queries that were asked lately.
    private var asked: Set<Int> = []
    private static let maximumAsked = 4_096

    /// Nil where nothing is to be kept.
    init?(maximumBytes: Int?) {
        guard let maximumBytes else { return nil }
        self.maximumBytes = maximumBytes
    }

    /// The answer to a query, if it is known and stands.
    ///
    /// - Parameter version: the database's, now.
    mutating func answer(
        to key: StoredQuery.Key,
        at version: Int64,
        now: Int64
    ) -> (EventPage, StoredQuery)? {
        if version != self.version {
            self.empty()
            self.version = version
        }
        guard let answer = self.answers[key] else { return nil }
        // What expires is gone at its second, without a change.
        if let expiresAt = answer.page.expiresAt, expiresAt <= now { return nil }
        return (answer.page, answer.query)
    }

    /// Keeps a whole answer that was read after `version` was.
    mutating func keep(_ page: EventPage, _ query: StoredQuery, for key: StoredQuery.Key, at version: Int64) {
        guard page.isLast, version == self.version else { return }
        if self.asked.count >= Self.maximumAsked { self.asked.removeAll(keepingCapacity: true) }
        guard !self.asked.insert(key.hashValue).inserted else { return }
        let bytes = page.bytes.count + 16 * page.count + 128 * key.valueCount + 1_024
        guard bytes <= self.maximumBytes else { return }
        // What has expired makes room for what takes its place.
        if let old = self.answers.removeValue(forKey: key) { self.bytes -= old.bytes }
        if self.bytes + bytes > self.maximumBytes { self.empty() }
        self.answers[key] = Answer(page: page.trimmed(), query: query.finished(), bytes: bytes)
        self.bytes += bytes
    }

    private mutating func empty() {
        guard !self.answers.isEmpty else { return }
        self.answers.removeAll(keepingCapacity: true)
        self.bytes = 0
    }
}
