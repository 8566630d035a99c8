/// A small generator whose numbers follow from its seed alone, so that a failing test can be run again.
struct SplitMix64: RandomNumberGenerator {
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

    /// True once in `count` calls, on average.
    mutating func once(in count: Int) -> Bool { self.below(count) == 0 }

    /// One of the elements, of which there must be one.
    mutating func pick<Elements: Collection>(_ elements: Elements) -> Elements.Element {
        elements[elements.index(elements.startIndex, offsetBy: self.below(elements.count))]
    }

    /// A string of up to `count` scalars of all planes, with the awkward ones more often than chance would have them.
    mutating func string(upTo count: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<self.below(count + 1) { scalars.append(self.scalar()) }
        return String(scalars)
    }

    private mutating func scalar() -> Unicode.Scalar {
        let awkward: [Unicode.Scalar] = [
            "\"", "\\", "/", "u", "\u{7F}", "\u{80}", "\u{301}", "\u{7FF}", "\u{800}", "\u{2028}", "\u{2029}",
            "\u{D7FF}", "\u{E000}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "\u{10000}", "\u{1F600}", "\u{10FFFF}",
        ]
        switch self.below(4) {
        case 0: return Unicode.Scalar(UInt8(self.below(0x20)))
        case 1: return self.pick(awkward)
        case 2: return Unicode.Scalar(UInt8(0x20 + self.below(0x5F)))
        default: return Unicode.Scalar(UInt32(self.below(0x11_0000))) ?? "é"
        }
    }
}
