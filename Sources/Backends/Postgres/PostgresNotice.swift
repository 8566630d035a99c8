/// What a node tells the others with a commit, as the payload of a notification.
struct PostgresNotice: Equatable, Sendable {
    /// The node that tells it.
    let node: String
    /// Rows that were removed; nil where they are too many to be told.
    let removed: Set<Int64>?

    /// A payload has to be shorter than 8,000 bytes.
    private static let mostRows = 350

    init(node: String, removed: Set<Int64>) {
        self.node = node
        self.removed = removed.count <= Self.mostRows ? removed : nil
    }

    /// Nil for what no node has sent.
    init?(payload: String) {
        let parts = payload.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.node = String(parts[0])
        guard parts[1] != "*" else {
            self.removed = nil
            return
        }
        let rows = parts[1].split(separator: ",").map { Int64($0) }
        guard !rows.contains(nil) else { return nil }
        self.removed = Set(rows.compactMap(\.self))
    }

    var payload: String {
        let rows = self.removed.map { $0.map { "\($0)" }.joined(separator: ",") } ?? "*"
        return "\(self.node) \(rows)"
    }

    /// A statement that sends it when the transaction is committed.
    func statement(on schema: PostgresSchema) -> String {
        "SELECT pg_notify('\(schema.name)', '\(self.payload)')"
    }
}
