/// What became of the lines of an import; the parts add up to what was read.
struct ImportSummary: Sendable {
    var read = 0
    /// Stored by this import, and stored still.
    var stored = 0
    /// Stored before.
    var duplicate = 0
    /// A newer version is stored.
    var replaced = 0
    /// Deleted by a request of its author.
    var deleted = 0
    /// By, or for, a key that has vanished (NIP-62).
    var vanished = 0
    var expired = 0
    /// Ephemeral kinds and kind 22242.
    var neverStored = 0
    var rejected: [String: Int] = [:]
    /// Events stored before the import that something in it replaced or deleted.
    var removedEarlier = 0

    var rejectedCount: Int { self.rejected.values.reduce(0, +) }

    /// One line with all parts, then one for each reason of rejection.
    var text: String {
        let parts = [
            "stored \(self.stored)", "duplicate \(self.duplicate)", "replaced by newer \(self.replaced)",
            "deleted by request \(self.deleted)", "expired \(self.expired)", "never stored \(self.neverStored)",
            "rejected \(self.rejectedCount)",
        ]
        var lines = ["read \(self.read): " + parts.joined(separator: ", ")]
        if self.vanished > 0 { lines.append("vanished \(self.vanished): their author asked to vanish from the relay") }
        if self.removedEarlier > 0 { lines.append("removed \(self.removedEarlier) events that were stored before") }
        for (reason, count) in self.rejected.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("rejected \(count): \(reason)")
        }
        return lines.joined(separator: "\n")
    }
}
