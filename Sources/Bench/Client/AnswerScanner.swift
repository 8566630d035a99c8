/// Walks over JSON without reading it: finds strings, numbers and the ends of values, and takes any bytes.
struct AnswerScanner: ~Escapable {
    private let text: Span<UInt8>
    private(set) var position: Int

    @_lifetime(copy text)
    init(_ text: Span<UInt8>, at position: Int = 0) {
        self.text = text
        self.position = position
    }

    /// The next byte that is no white space, which stays; nil at the end.
    var next: UInt8? {
        mutating get {
            while self.position < self.text.count {
                let byte = self.text[self.position]
                guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
                self.position += 1
            }
            return nil
        }
    }

    /// Passes over `byte`, if it is the next one.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.position += 1
        return true
    }

    /// Passes over a string; returns where its inside lies, escapes as they are.
    mutating func string() -> Range<Int>? {
        guard self.skip(UInt8(ascii: "\"")) else { return nil }
        let start = self.position
        while self.position < self.text.count {
            switch self.text[self.position] {
            case UInt8(ascii: "\""):
                self.position += 1
                return start..<self.position - 1
            case UInt8(ascii: "\\"): self.position += 2
            default: self.position += 1
            }
        }
        return nil
    }

    /// Where the last value lies, if a comma and a string follow; else an empty range.
    var lastString: Range<Int> {
        mutating get { self.skip(UInt8(ascii: ",")) ? self.string() ?? 0..<0 : 0..<0 }
    }

    /// A whole number that is not negative; whatever follows its digits stays.
    mutating func number() -> Int64? {
        guard let first = self.next, (0x30...0x39).contains(first) else { return nil }
        var value: Int64 = 0
        while self.position < self.text.count, (0x30...0x39).contains(self.text[self.position]) {
            let (product, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooMuchNow) = product.addingReportingOverflow(Int64(self.text[self.position] - 0x30))
            guard !isTooMuch, !isTooMuchNow else { return nil }
            value = sum
            self.position += 1
        }
        return value
    }

    /// Passes over a value of any sort.
    mutating func skipValue() -> Bool {
        var depth = 0
        while let byte = self.next {
            switch byte {
            case UInt8(ascii: "\""):
                guard self.string() != nil else { return false }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                self.position += 1
                continue
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard depth > 0 else { return false }
                depth -= 1
                self.position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { return false }
                self.position += 1
                continue
            default: self.skipWord()
            }
            if depth == 0 { return true }
        }
        return false
    }

    /// Passes over a number, `true`, `false` or `null`, or whatever else stands before the next sign.
    private mutating func skipWord() {
        while self.position < self.text.count {
            switch self.text[self.position] {
            case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"), UInt8(ascii: "}"),
                UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""):
                return
            default: self.position += 1
            }
        }
    }

    /// The first eight bytes that 64 hexadecimal digits stand for; nil where `range` is no id.
    static func hexPrefix(_ text: Span<UInt8>, at range: Range<Int>) -> UInt64? {
        guard range.count == 64 else { return nil }
        var value: UInt64 = 0
        for place in range.prefix(16) {
            let digit: UInt8
            switch text[place] {
            case 0x30...0x39: digit = text[place] - 0x30
            case 0x61...0x66: digit = text[place] - 0x61 + 10
            case 0x41...0x46: digit = text[place] - 0x41 + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
