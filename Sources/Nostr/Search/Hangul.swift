/// Korean syllables that are written letter by letter (Unicode, 3.12).
enum Hangul {
    /// The syllable that two letters, or an open syllable and a letter, make; nil where they make none.
    static func joined(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first.value), (0x1161...0x1175).contains(second.value) {
            return Unicode.Scalar(0xAC00 + ((first.value - 0x1100) * 21 + (second.value - 0x1161)) * 28)
        }
        if (0xAC00...0xD7A3).contains(first.value), (first.value - 0xAC00) % 28 == 0,
            (0x11A8...0x11C2).contains(second.value)
        {
            return Unicode.Scalar(first.value + second.value - 0x11A7)
        }
        return nil
    }
}
