/// When live events are handed to the sockets.
///
/// A system call for each client and event is what fan-out costs most. As long as few are made, each event goes out at
/// once. Where a loop makes thousands of them a second, its rounds keep a distance, and a client gets what has gathered
/// meanwhile with one call. The distance grows with the time that events have taken to get here: a relay that is behind
/// gathers more, one that keeps up adds a few milliseconds.
struct FlushPace {
    /// How many times longer the distance is than an event's way from its arrival to its commit, and its bounds.
    private static let factor = 5
    private static let distances = 5_000_000...50_000_000
    /// Calls within one window from which on there is load.
    private static let busyCalls = 400
    private static let window = 100_000_000

    private var distance = 0
    private var lastRound = Int.min / 2
    private var windowStart = 0
    private var calls = 0
    private var isBusy = false

    /// Nanoseconds to wait before the next round; zero where it may be made at once.
    ///
    /// - Parameters:
    ///   - age: nanoseconds that the events have taken from their arrival.
    ///   - now: nanoseconds of a clock that never runs back.
    mutating func wait(age: Int, now: Int) -> Int {
        self.turnWindow(now)
        // One late commit says little.
        self.distance += (min(age, Self.distances.upperBound) * Self.factor - self.distance) / 8
        guard self.isBusy, self.distance >= Self.distances.lowerBound else { return 0 }
        return max(0, self.lastRound + min(self.distance, Self.distances.upperBound) - now)
    }

    /// Notes a round of so many calls.
    mutating func note(calls: Int, now: Int) {
        self.turnWindow(now)
        self.lastRound = now
        self.calls += calls
        if self.calls >= Self.busyCalls { self.isBusy = true }
    }

    private mutating func turnWindow(_ now: Int) {
        guard now - self.windowStart >= Self.window else { return }
        let isNext = now - self.windowStart < 2 * Self.window
        self.isBusy = isNext && self.calls >= Self.busyCalls
        self.windowStart = now
        self.calls = 0
    }
}
