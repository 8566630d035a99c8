/// Cuts text into words: see `SearchWords`.
struct Segmenter {
    /// Scalars of a word that count.
    static let maximumLength = 40

    private(set) var words = SearchWords()
    /// The word that is being read, and its scalars so far.
    private var word: [UInt8] = []
    private var length = 0
    /// The run of a script without spaces that is being read.
    private var run: [Unicode.Scalar] = []

    /// Takes a whole text.
    mutating func take(_ text: String) {
        for scalar in text.unicodeScalars {
            guard !self.words.isFull else { break }
            self.take(scalar)
        }
        self.finish()
        self.words.endText()
    }

    /// Takes a text whose words are wanted for a search, where its end is open.
    ///
    /// - Returns: whether the last word stands for all that begin so: a run ends in the middle of another one.
    mutating func takePhrase(_ text: String) -> Bool {
        for scalar in text.unicodeScalars { self.take(scalar) }
        let isRun = !self.run.isEmpty
        self.finish(isOpen: true)
        return isRun
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if scalar.isASCII { return self.take(ascii: UInt8(scalar.value)) }
        switch scalar.value {
        // Full-width forms of ASCII.
        case 0xFF01...0xFF5E: return self.take(ascii: UInt8(scalar.value - 0xFEE0))
        case 0xFF66...0xFF9F: return self.takeInRun(Kana.fullWidth(scalar))
        default: break
        }
        switch ScalarRole(scalar) {
        case .ignored: break
        case .separator: self.finish()
        case .sign:
            self.finish()
            self.words.append(Array(String(scalar).utf8))
        case .digit(let digit): self.take(ascii: digit)
        case .unspaced: self.takeInRun(scalar)
        case .upperCase:
            for lower in scalar.properties.lowercaseMapping.unicodeScalars where ScalarRole(lower) != .ignored {
                self.takeInWord(lower)
            }
        case .word: self.takeInWord(scalar)
        }
    }

    private mutating func take(ascii byte: UInt8) {
        switch byte {
        case 0x30...0x39, 0x61...0x7A: self.append(byte)
        case 0x41...0x5A: self.append(byte | 0x20)
        default: self.finish()
        }
    }

    private mutating func append(_ byte: UInt8) {
        if !self.run.isEmpty { self.finish() }
        self.length += 1
        if self.length <= Self.maximumLength { self.word.append(byte) }
    }

    private mutating func takeInWord(_ scalar: Unicode.Scalar) {
        if !self.run.isEmpty { self.finish() }
        let plain = MarkedLetters.plain[scalar] ?? scalar
        switch plain {
        case "ß": self.append(both: "ss")
        case "æ": self.append(both: "ae")
        case "œ": self.append(both: "oe")
        default:
            if plain.isASCII { return self.append(UInt8(plain.value)) }
            self.length += 1
            if self.length <= Self.maximumLength { self.word += Array(String(plain).utf8) }
        }
    }

    private mutating func append(both letters: StaticString) {
        for index in 0..<2 { self.append(letters.utf8Start[index]) }
    }

    private mutating func takeInRun(_ scalar: Unicode.Scalar) {
        if !self.word.isEmpty { self.finish() }
        if let last = self.run.last {
            if let joined = Kana.voiced(last, by: scalar) ?? Hangul.joined(last, scalar) {
                self.run[self.run.count - 1] = joined
                return
            }
            // Pairs are written as the run goes on, so that none grows with its text.
            if self.run.count == 2 {
                self.appendPair()
                self.run.removeFirst()
            }
        }
        self.run.append(scalar)
    }

    private mutating func appendPair() {
        self.words.append(self.run.flatMap { Array(String($0).utf8) })
    }

    /// Ends the word or the run.
    ///
    /// - Parameter isOpen: whether a run may go on where the text ends: its last character is not written alone.
    private mutating func finish(isOpen: Bool = false) {
        if !self.word.isEmpty { self.words.append(self.word) }
        if self.run.count == 2 {
            self.appendPair()
            if !isOpen { self.words.append(Array(String(self.run[1]).utf8)) }
        } else if let only = self.run.first {
            self.words.append(Array(String(only).utf8))
        }
        self.word.removeAll(keepingCapacity: true)
        self.length = 0
        self.run.removeAll(keepingCapacity: true)
    }
}
