/// When memory that was needed for a moment is given back to the system.
///
/// The allocator keeps what a crowd of histories or slow clients has taken; it gives it back when asked. That costs
/// milliseconds, so it is asked when the crowd has passed, where there may be much, and less often where there was
/// little.
struct SpareMemory {
    /// Bytes beyond those that are known to be in use from which on asking is worth while.
    private static let worthwhileBytes = 32 << 20
    /// Seconds between two times.
    private static let pauses = 2.0...600.0

    /// Bytes that are in use, as far as is known.
    private var floor: Int
    private var usedBefore = 0
    private var lastUsed = 0
    private var pause = Self.pauses.lowerBound
    private var nextTime = 0.0

    /// - Parameter used: bytes of memory that the process uses.
    init(used: Int) { self.floor = used }

    /// Whether the allocator is to be asked now.
    ///
    /// - Parameters:
    ///   - used: bytes of memory that the process uses.
    ///   - now: seconds of a clock that never runs back.
    mutating func isDue(used: Int, now: Double) -> Bool {
        self.floor = min(self.floor, used)
        defer { self.lastUsed = used }
        guard used <= self.lastUsed else { return false }
        guard now >= self.nextTime, used > self.floor + Self.worthwhileBytes else { return false }
        self.usedBefore = used
        return true
    }

    /// Notes what is used after the allocator was asked.
    mutating func note(used: Int, now: Double) {
        let isLittle = used > self.usedBefore - self.usedBefore / 8
        self.pause = isLittle ? min(self.pause * 2, Self.pauses.upperBound) : Self.pauses.lowerBound
        self.nextTime = now + self.pause
        self.floor = used
    }
}
