/// How long to wait before the next attempt: twice as long after each failure, and by chance less, so that the sessions
/// of all relays do not come back to a server at one moment.
struct Backoff: Sendable {
    private(set) var failures = 0

    static let shortest = Duration.milliseconds(100)
    static let longest = Duration.seconds(5)

    mutating func fail() { self.failures = min(self.failures + 1, 16) }

    mutating func reset() { self.failures = 0 }

    /// - Parameter chance: from 0 to 1; the least is half of the time.
    func delay(chance: Double) -> Duration {
        guard self.failures > 0 else { return .zero }
        return min(Self.shortest * (1 << (self.failures - 1)), Self.longest) * (0.5 + chance / 2)
    }
}
