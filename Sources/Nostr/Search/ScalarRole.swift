/// What a scalar is to words.
enum ScalarRole: Equatable {
    /// Part of a word.
    case word
    case upperCase
    /// A decimal digit of whatever script, as ASCII.
    case digit(UInt8)
    /// Of a script that does not part its words.
    case unspaced
    /// A word by itself: emoji and other pictures.
    case sign
    case separator
    /// Of no account, also inside a word: diacritics, and what steers how text is shown.
    case ignored

    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: self = .upperCase
        case .lowercaseLetter, .otherLetter, .modifierLetter, .letterNumber, .otherNumber:
            // Kashida only stretches a word.
            if scalar == "\u{640}" { self = .ignored } else { self = Self.isUnspaced(scalar.value) ? .unspaced : .word }
        case .decimalNumber:
            self = properties.numericValue.map { .digit(0x30 + UInt8(clamping: Int($0))) } ?? .word
        case .nonspacingMark, .spacingMark, .enclosingMark: self = Self.ofMark(scalar)
        case .format: self = Self.isInvisible(scalar.value) ? .ignored : .separator
        case .otherSymbol: self = .sign
        // Skin tones.
        case .modifierSymbol where (0x1F3FB...0x1F3FF).contains(scalar.value): self = .ignored
        default: self = .separator
        }
    }

    /// Marks above and below letters are diacritics by their class: Hebrew and Arabic vowel signs (10 to 36), nukta (7)
    /// and the accents of Latin, Greek and Cyrillic (200 and more). The vowels and tones of other scripts tell words
    /// apart.
    private static func ofMark(_ scalar: Unicode.Scalar) -> ScalarRole {
        if (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value) { return .ignored }
        if Self.isUnspaced(scalar.value) { return .unspaced }
        let order = scalar.properties.canonicalCombiningClass.rawValue
        return order == 7 || (10...36).contains(order) || order >= 200 || scalar == "\u{20E3}" ? .ignored : .word
    }

    /// Joiners, soft hyphens, marks of direction, and tags.
    private static func isInvisible(_ value: UInt32) -> Bool {
        switch value {
        case 0xAD, 0x200C...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: return true
        default: return false
        }
    }

    /// Thai, Lao, Myanmar, Khmer, Tai scripts, Hangul, Han, kana, Bopomofo; Korean parts its words, but not their
    /// endings.
    static func isUnspaced(_ value: UInt32) -> Bool {
        guard value >= 0x0E00 else { return false }
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x1950...0x19DF, 0x1A20...0x1AAF,
            0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3041...0x318F, 0x31A0...0x31BF,
            0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97F, 0xA9E0...0xA9FF, 0xAA60...0xAADF,
            0xAC00...0xD7FF, 0xF900...0xFAFF, 0x1B000...0x1B16F, 0x20000...0x3FFFF:
            return true
        default: return false
        }
    }
}
