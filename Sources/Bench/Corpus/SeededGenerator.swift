/// SplitMix64: numbers that follow from a seed alone, on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number from 0 up to and without `bound`.
    mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(bound)) }

    /// A number of the range.
    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + self.below(range.count) }

    /// True once in `count` calls, on average.
    mutating func once(in count: Int) -> Bool { self.below(count) == 0 }

    /// A number below `bound` whose small values are frequent: the cube of an even choice.
    mutating func skewed(below bound: Int) -> Int {
        let even = Double(self.next() >> 11) / Double(1 << 53)
        return Int(even * even * even * Double(bound))
    }

    /// Distinct numbers below `bound`, `count` of them or all that there are.
    mutating func distinct(_ count: Int, below bound: Int) -> [Int] {
        guard count < bound else { return Array(0..<bound) }
        var seen: Set<Int> = []
        var numbers: [Int] = []
        while numbers.count < count {
            let number = self.below(bound)
            if seen.insert(number).inserted { numbers.append(number) }
        }
        return numbers
    }
}
