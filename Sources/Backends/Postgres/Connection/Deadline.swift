import Glibc

/// A moment of the monotonic clock by which a wait ends.
struct Deadline: Sendable, Comparable {
    /// Nanoseconds of the monotonic clock.
    let nanoseconds: UInt64

    private static let second: UInt64 = 1_000_000_000

    /// The moment that comes after this much time; nothing waits for longer than a year.
    init(after duration: Duration) {
        let limited = min(max(duration, .zero), .seconds(365 * 86_400))
        let (seconds, attoseconds) = limited.components
        self.nanoseconds = Self.now + UInt64(seconds) * Self.second + UInt64(attoseconds / Int64(Self.second))
    }

    /// Nanoseconds of the monotonic clock.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * Self.second + UInt64(time.tv_nsec)
    }

    static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }

    var hasPassed: Bool { self.nanoseconds <= Self.now }

    /// What is left, in whole milliseconds rounded up, as poll(2) takes it.
    var milliseconds: Int32 {
        let now = Self.now
        guard self.nanoseconds > now else { return 0 }
        return Int32(clamping: (self.nanoseconds - now + 999_999) / 1_000_000)
    }

    /// The moment as a condition variable on the monotonic clock takes it.
    var absoluteTime: timespec {
        timespec(tv_sec: Int(self.nanoseconds / Self.second), tv_nsec: Int(self.nanoseconds % Self.second))
    }
}
