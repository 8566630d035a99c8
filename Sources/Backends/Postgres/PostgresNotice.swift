import Nostr

/// What a node tells the others with a commit, as the payload of a notification.
struct PostgresNotice: Equatable, Sendable {
    /// The node that tells it.
    let node: String
    /// Rows that were removed; nil where they are too many to be told.
    let removed: Set<Int64>?
    /// Keys that vanish.
    let vanished: Vanishing

    /// A payload has to be shorter than 8,000 bytes.
    private static let mostRows = 350
    /// Bytes for rows and keys, and those that one of each takes at most.
    private static let room = 7_900
    private static let bytes = (row: 21, key: 86)

    init(node: String, removed: Set<Int64>, vanished: Vanishing = Vanishing()) {
        self.node = node
        let keyBytes = vanished.keys.count * Self.bytes.key
        let isShort = removed.count <= Self.mostRows && keyBytes + removed.count * Self.bytes.row <= Self.room
        self.removed = isShort ? removed : nil
        self.vanished = keyBytes <= Self.room ? vanished : Vanishing()
    }

    /// Nil for what no node has sent.
    init?(payload: String) {
        let parts = payload.split(separator: " ", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        self.node = String(parts[0])
        guard let vanished = parts.count == 3 ? Self.vanished(parts[2]) : Vanishing() else { return nil }
        self.vanished = vanished
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
        let keys = self.vanished.keys.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        return "\(self.node) \(rows)" + (keys.isEmpty ? "" : " \(keys)")
    }

    private static func vanished(_ text: Substring) -> Vanishing? {
        var vanished = Vanishing()
        for part in text.split(separator: ",") {
            let fields = part.split(separator: ":")
            guard fields.count == 2, let key = PublicKey(hex: String(fields[0])), let until = Int64(fields[1]) else {
                return nil
            }
            vanished.add(key, until: until)
        }
        return vanished
    }

    /// A statement that sends it when the transaction is committed.
    func statement(on schema: PostgresSchema) -> String {
        "SELECT pg_notify('\(schema.name)', '\(self.payload)')"
    }
}
