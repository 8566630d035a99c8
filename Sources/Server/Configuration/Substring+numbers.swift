extension Substring {
    /// Takes the digits at the front as a whole number.
    ///
    /// - Throws: `InvalidText` where there is no digit, a leading zero, or more than an `Int` holds.
    mutating func takeWholeNumber() throws(InvalidText) -> Int {
        let digits = prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { throw InvalidText("a whole number is expected first") }
        guard digits.count == 1 || digits.first != "0" else { throw InvalidText("a number has a leading zero") }
        guard let number = Int(digits) else { throw InvalidText("the number is too large") }
        removeFirst(digits.count)
        return number
    }

    /// Takes the ASCII letters at the front.
    mutating func takeLetters() -> Substring {
        let letters = prefix { $0.isASCII && $0.isLetter }
        removeFirst(letters.count)
        return letters
    }

    /// Takes one character, where it is the next.
    mutating func take(_ character: Character) -> Bool {
        guard first == character else { return false }
        removeFirst()
        return true
    }

    /// The text without spaces and tabs at its ends.
    var trimmed: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
