/// A generator whose numbers follow from its seed alone, on every machine, so that a failing test can be run again.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { self.state = seed }

    public mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number from 0 up to and without `bound`.
    public mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(bound)) }

    /// True once in `count` calls, on average.
    public mutating func once(in count: Int) -> Bool { self.below(count) == 0 }

    /// One of the elements, of which there must be one.
    public mutating func pick<Elements: Collection>(_ elements: Elements) -> Elements.Element {
        elements[elements.index(elements.startIndex, offsetBy: self.below(elements.count))]
    }

    /// Distinct elements in the order of the collection, `count` at most.
    public mutating func some<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        let chosen = Set((0..<count).map { _ in self.below(elements.count) })
        return chosen.sorted().map { elements[$0] }
    }

    /// Random bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: self.next()) }
    }
}
