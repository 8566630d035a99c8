/// A look at some of all stored events, which tells how many of all match: the share of the positions looked at that
/// hold a match, of all positions.
struct CountSample: Sendable {
    private static let size = 2_000

    /// What tells which positions are looked at.
    private let seed: UInt64
    /// Where positions lie; nil before it is known.
    private(set) var positions: ClosedRange<Int64>?
    private(set) var taken = 0
    private(set) var hits = 0
    private(set) var isComplete = false

    init(seed: UInt64) { self.seed = seed }

    /// Says where positions lie, or that there are none.
    mutating func begin(_ positions: ClosedRange<Int64>?) {
        self.positions = positions
        self.isComplete = positions == nil
    }

    /// How many positions are looked at.
    private var wanted: Int { min(Self.size, self.span) }
    private var span: Int { self.positions?.count ?? 0 }

    /// The next positions, `count` at most.
    func next(_ count: Int) -> [Int64] {
        guard let positions else { return [] }
        return (self.taken..<min(self.taken + count, self.wanted)).map { number in
            guard self.span > Self.size else { return positions.lowerBound + Int64(number) }
            let place = self.mixed(UInt64(number)).multipliedFullWidth(by: UInt64(self.span)).high
            return positions.lowerBound + Int64(place)
        }
    }

    /// A number that has nothing to do with its neighbours': equal steps would keep time with what repeats itself.
    private func mixed(_ number: UInt64) -> UInt64 {
        var mixed = self.seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Notes a look at these positions.
    mutating func note(_ taken: Int, hits: Int) {
        self.taken += taken
        self.hits += hits
        self.isComplete = self.taken >= self.wanted
    }

    /// How many of all events match.
    var estimate: Int {
        self.taken == 0 ? 0 : Int((Double(self.hits) / Double(self.taken) * Double(self.span)).rounded())
    }
}
