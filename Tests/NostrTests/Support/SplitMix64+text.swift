import TestSupport

extension SplitMix64 {
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
