import Glibc

/// Time that only grows, in nanoseconds.
enum Clock {
    static var now: UInt64 { Self.read(CLOCK_MONOTONIC) }

    /// CPU time of this process.
    static var processCPU: UInt64 { Self.read(CLOCK_PROCESS_CPUTIME_ID) }

    /// CPU time of the thread that asks.
    static var threadCPU: UInt64 { Self.read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Seconds since an earlier moment.
    static func seconds(since start: UInt64) -> Double { Double(Self.now - start) / 1e9 }
}
