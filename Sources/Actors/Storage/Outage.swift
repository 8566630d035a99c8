/// A failure that lasts, told once and then now and again: a full disk under load would fill its log too.
public struct Outage: Sendable {
    private var reason: String?
    private var toldAt = 0.0
    /// Failures since the outage began.
    public private(set) var failures = 0
    private static let intervalSeconds = 60.0

    public init() {}

    /// Notes a failure.
    ///
    /// - Parameter seconds: of a clock that never runs back.
    /// - Returns: whether it is to be told.
    public mutating func note(_ reason: String, at seconds: Double) -> Bool {
        self.failures += 1
        guard reason != self.reason || seconds - self.toldAt >= Self.intervalSeconds else { return false }
        self.reason = reason
        self.toldAt = seconds
        return true
    }

    /// Notes that all is well.
    ///
    /// - Returns: how many failures there were, or nil where there was no outage.
    public mutating func end() -> Int? {
        guard self.reason != nil else { return nil }
        defer { self = Outage() }
        return self.failures
    }
}
