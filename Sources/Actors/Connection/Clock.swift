import Glibc

/// The two clocks that the relay goes by; tests give others.
public struct Clock: Sendable {
    /// Seconds since 1970; may be set back and forward.
    public let now: @Sendable () -> Int64
    /// Nanoseconds since some moment; never runs back.
    public let uptime: @Sendable () -> Int

    public init(now: @escaping @Sendable () -> Int64, uptime: @escaping @Sendable () -> Int) {
        self.now = now
        self.uptime = uptime
    }

    /// The system's clocks.
    public static let system = Clock(
        now: { Int64(time(nil)) },
        uptime: {
            var moment = timespec()
            clock_gettime(CLOCK_MONOTONIC, &moment)
            return Int(moment.tv_sec) * 1_000_000_000 + Int(moment.tv_nsec)
        }
    )

    /// Seconds of the clock that never runs back.
    public var seconds: Double { Double(self.uptime()) / 1e9 }
}
