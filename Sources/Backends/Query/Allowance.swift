/// How many events a filter still gets.
///
/// Where the relay's own limit ends an answer amid the events of one second, the rest of that second is given too: a
/// client that goes on from it by `until` would not get them otherwise (NIP-67).
struct Allowance: Sendable {
    private(set) var remaining: Int
    /// Events beyond those, all of one second.
    private var reserve: Int
    /// The second amid which the limit was reached.
    private var tail: Int64?

    /// Events beyond its limit up to which a second is told to its end.
    private static let mostOfTail = 5_000

    /// - Parameters:
    ///   - asked: what the client asks for at most; nil for all.
    ///   - limit: what the relay gives at most; nil for all.
    init(asked: Int?, limit: Int?) {
        let asked = asked ?? .max
        self.remaining = min(asked, limit ?? .max)
        self.reserve = min(asked - self.remaining, Self.mostOfTail)
    }

    static let nothing = Allowance(asked: 0, limit: 0)

    /// The same where there are no more events than these.
    func clamped(to most: Int) -> Allowance {
        most > self.remaining ? self : Allowance(asked: most, limit: nil)
    }

    /// Whether only events of one second are still given.
    var isInTail: Bool { self.tail != nil && self.remaining > 0 }

    /// Whether an event of this second may still be given; where not, no later one may either.
    mutating func admits(_ second: Int64) -> Bool {
        if let tail, tail != second { self.remaining = 0 }
        return self.remaining > 0
    }

    /// Takes events of one second, of which there are `count`; returns how many are given.
    mutating func take(_ count: Int, of second: Int64) -> Int {
        if count > 0, count >= self.remaining, self.reserve > 0 {
            self.tail = second
            self.remaining += self.reserve
            self.reserve = 0
        }
        let taken = min(count, self.remaining)
        self.remaining -= taken
        return taken
    }
}
