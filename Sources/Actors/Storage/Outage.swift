/// A failure that lasts, told once and then every minute, or when its reason is another one: a full disk under load
/// would fill its log too. It is over when nothing has failed for a while, for what is small may succeed in between.
public struct Outage: Sendable {
    private var reason: String?
    private var toldAt = 0.0
    private var failedAt = 0.0
    /// Failures since the outage began.
    public private(set) var failures = 0
    private static let intervalSeconds = (same: 60.0, other: 1.0)
    private static let quietSeconds = 5.0

    public init() {}

    /// Notes a failure.
    ///
    /// - Parameter seconds: of a clock that never runs back.
    /// - Returns: whether it is to be told.
    public mutating func note(_ reason: String, at seconds: Double) -> Bool {
        self.failures += 1
        self.failedAt = seconds
        if self.reason != nil {
            let interval = reason == self.reason ? Self.intervalSeconds.same : Self.intervalSeconds.other
            guard seconds - self.toldAt >= interval else { return false }
        }
        self.reason = reason
        self.toldAt = seconds
        return true
    }

    /// Notes a success.
    ///
    /// - Parameter seconds: asked for only in an outage.
    /// - Returns: how many failures there were, where the outage is over with this; else nil.
    public mutating func end(at seconds: @autoclosure () -> Double) -> Int? {
        guard self.reason != nil, seconds() - self.failedAt >= Self.quietSeconds else { return nil }
        defer { self = Outage() }
        return self.failures
    }
}
