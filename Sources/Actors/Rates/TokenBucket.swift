/// A token bucket: holds `burst` tokens at most, gains `perSecond` of them, and every act takes one.
public struct TokenBucket: Sendable, Equatable {
    private var tokens: Double
    /// Seconds on the clock that the caller uses, which never runs back.
    private var filledAt: Double

    public init(_ rate: Rates.Rate, now: Double) {
        self.tokens = rate.burst
        self.filledAt = now
    }

    /// Takes a token.
    ///
    /// - Returns: nil, or the seconds after which there is one again.
    public mutating func take(_ rate: Rates.Rate, now: Double) -> Double? {
        self.tokens = min(rate.burst, self.tokens + max(now - self.filledAt, 0) * rate.perSecond)
        self.filledAt = max(now, self.filledAt)
        guard self.tokens < 1 else {
            self.tokens -= 1
            return nil
        }
        return rate.perSecond > 0 ? (1 - self.tokens) / rate.perSecond : .infinity
    }

    /// Whether the bucket says no more than a new one would.
    public func isFull(_ rate: Rates.Rate, now: Double) -> Bool {
        self.tokens + max(now - self.filledAt, 0) * rate.perSecond >= rate.burst
    }
}
