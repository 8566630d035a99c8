/// Japanese syllables that are written in two ways.
enum Kana {
    private static let halfWidth = Array(
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}"
            .unicodeScalars
    )

    /// The usual form of a half-width one, U+FF66 to U+FF9F.
    static func fullWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let index = Int(scalar.value) - 0xFF66
        return Self.halfWidth.indices.contains(index) ? Self.halfWidth[index] : scalar
    }

    /// The syllable that a sign of voicing (U+3099, U+309A) makes of another; nil where it makes none.
    static func voiced(_ scalar: Unicode.Scalar, by sign: Unicode.Scalar) -> Unicode.Scalar? {
        guard sign.value == 0x3099 || sign.value == 0x309A else { return nil }
        let isFull = sign.value == 0x309A
        // Katakana stand where hiragana do, further on.
        let isKatakana = scalar.value >= 0x30A1
        let value = isKatakana ? scalar.value - 0x60 : scalar.value
        let result: UInt32
        switch value {
        case 0x304B...0x3062 where value % 2 == 1 && !isFull, 0x3064...0x3069 where value % 2 == 0 && !isFull:
            result = value + 1
        case 0x306F...0x307D where value % 3 == 0: result = value + (isFull ? 2 : 1)
        case 0x3046 where !isFull: result = 0x3094
        case 0x309D where !isFull: result = 0x309E
        default: return nil
        }
        return Unicode.Scalar(result + (isKatakana ? 0x60 : 0))
    }
}
