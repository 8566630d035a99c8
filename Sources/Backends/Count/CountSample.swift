/// A look at some of all stored events, which tells how many of all match: the share of the positions looked at that
/// hold a match, of all positions.
struct CountSample: Sendable {
    private static let size = 1_000

    /// Where positions lie; nil before it is known.
    private(set) var positions: ClosedRange<Int64>?
    private(set) var taken = 0
    private(set) var hits = 0
    private(set) var isComplete = false

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
            // Steps of the golden ratio fill any stretch evenly, and keep time with nothing that repeats itself.
            let turn = Double(number) * 0.618_033_988_749_895
            let place = (turn - turn.rounded(.down)) * Double(self.span)
            return positions.lowerBound + min(Int64(place), Int64(self.span - 1))
        }
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
