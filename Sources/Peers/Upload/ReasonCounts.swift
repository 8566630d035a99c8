/// How often each reason was given; reasons are another relay's words, so there is a limit to how many are told apart.
public struct ReasonCounts: Sendable, Equatable {
    public private(set) var counts: [String: Int] = [:]
    private static let maximumReasons = 32
    private static let rest = "other reasons"

    public init() {}

    public mutating func add(_ text: String) {
        let shown = ForeignText.shown(text)
        let reason = shown.isEmpty ? "no reason given" : shown
        let isKnown = self.counts[reason] != nil || self.counts.count < Self.maximumReasons
        self.counts[isKnown ? reason : Self.rest, default: 0] += 1
    }

    public var total: Int { self.counts.values.reduce(0, +) }

    /// `refused N: reason`, a line each, the most frequent first.
    public func lines(_ verb: String) -> [String] {
        self.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\(verb) \($0.value): \($0.key)" }
    }
}
