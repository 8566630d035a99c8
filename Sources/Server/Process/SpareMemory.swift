/// When memory that was needed for a moment is given back to the system.
///
/// The allocator keeps what a crowd of histories or slow clients has taken; it gives it back when asked. That costs
/// about a millisecond for each ten mebibytes, and counting what is spare costs up to a few. So memory is counted when
/// it has stopped to grow, and less and less often as long as nothing comes of it.
struct SpareMemory {
    /// Spare bytes, beyond those that cannot be given back, from which on asking is worth while.
    private static let worthwhileBytes = 16 << 20
    /// Growth, in bytes, between two looks that is none.
    private static let stillBytes = 1 << 20
    /// Seconds between two counts.
    private static let pauses = 0.5...64.0

    /// Spare bytes that stay: they are scattered among those that are in use.
    private var floor: Int
    private var lastResident: Int
    /// The fewest bytes since the last count.
    private var lowestResident: Int
    private var spareBefore = 0
    private var lastCount = -Double.infinity
    private var pause = Self.pauses.lowerBound

    /// - Parameters:
    ///   - resident: bytes of memory that the process has.
    ///   - spare: those of them that are not in use.
    init(resident: Int, spare: Int) {
        self.lastResident = resident
        self.lowestResident = resident
        self.floor = max(0, spare)
    }

    /// Whether it is time to count what is spare.
    ///
    /// - Parameters:
    ///   - resident: bytes of memory that the process has.
    ///   - now: seconds of a clock that never runs back.
    mutating func mayBeMuch(resident: Int, now: Double) -> Bool {
        defer { self.lastResident = resident }
        self.lowestResident = min(self.lowestResident, resident)
        if resident > self.lowestResident + Self.worthwhileBytes / 2 {
            self.pause = Self.pauses.lowerBound
        }
        guard now >= self.lastCount + self.pause, resident <= self.lastResident + Self.stillBytes else { return false }
        self.lowestResident = resident
        self.lastCount = now
        self.pause = min(self.pause * 2, Self.pauses.upperBound)
        return true
    }

    /// Whether the allocator is to be asked, where so many bytes are spare.
    mutating func isMuch(spare: Int) -> Bool {
        // Less than nothing is spare where the process has not touched all that it has reserved.
        self.floor = min(self.floor, max(0, spare))
        self.spareBefore = spare
        return spare > self.floor + Self.worthwhileBytes
    }

    /// Notes what is left after the allocator was asked.
    mutating func note(resident: Int, spare: Int) {
        self.floor = max(0, spare)
        self.lowestResident = resident
        // There may be more where this came from.
        guard spare < self.spareBefore - Self.worthwhileBytes / 2 else { return }
        self.pause = Self.pauses.lowerBound
    }
}
