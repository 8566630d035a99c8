/// Whether scanning everyone's events for those of some authors costs less than reading each author's own stream.
///
/// The scan is tried, and what it has found so far says whether it will find enough in time. It is given up before it
/// has cost much more than the streams would have cost from the start.
struct ScanTrial: Sendable {
    /// Index rows that cost as much as all the authors' streams.
    private let budget: Int
    private let wanted: Int
    private var rows = 0
    private var found = 0

    /// Index rows that cost as much as the opening of one stream.
    private static let rowsPerStream = 8
    /// Rows after which what was found says something.
    private static let leastRows = 256
    /// Streams up to which nothing is to be gained.
    private static let fewStreams = 24

    /// Nil where the plan has nothing to try.
    init?(of plan: FilterPlan, for wanted: Int) {
        guard case .members(let authors, let kinds) = plan.driver else { return nil }
        self.budget = authors.count * (kinds?.count ?? 4) * Self.rowsPerStream
        self.wanted = wanted
    }

    /// Whether a scan is worth a trial.
    static func isWorthwhile(authors: Int, kinds: Int?) -> Bool { authors * (kinds ?? 4) > Self.fewStreams }

    /// Notes what a fetch looked at and found.
    mutating func note(rows: Int, found: Int) {
        self.rows += rows
        self.found += found
    }

    /// Whether the streams are the better way.
    var hasFailed: Bool {
        guard self.rows >= Self.leastRows else { return false }
        let (needed, overflows) = self.wanted.multipliedReportingOverflow(by: self.rows)
        return overflows || needed > self.budget * max(self.found, 1)
    }
}
