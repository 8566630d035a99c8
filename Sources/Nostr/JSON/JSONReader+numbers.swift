extension JSONReader {
    /// Reads a whole number without fraction or exponent; one beyond 64 bits becomes the nearest bound.
    mutating func readInteger() throws(JSONError) -> Int64 {
        guard let first = self.peek() else { throw self.error(.unexpectedEnd) }
        guard first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else { throw self.error(.notInteger) }
        let start = self.position
        try self.skipNumber()
        let end = self.position
        let isNegative = first == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? start + 1 : start)..<end {
            let byte = self.text[index]
            guard (0x30...0x39).contains(byte) else { throw JSONError(offset: start, reason: .notInteger) }
            let digit = Int64(byte - 0x30)
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            value = overflowed || carried ? (isNegative ? .min : .max) : sum
        }
        // "-0" is a number of JSON, but no count of anything.
        if isNegative, value == 0 { throw JSONError(offset: start, reason: .notInteger) }
        return value
    }

    /// Consumes a number by the grammar of RFC 8259, section 6.
    mutating func skipNumber() throws(JSONError) {
        if self.byte == UInt8(ascii: "-") { self.advance(to: self.position + 1) }
        if self.byte == UInt8(ascii: "0") {
            self.advance(to: self.position + 1)
        } else {
            try self.skipDigits()
        }
        if self.byte == UInt8(ascii: ".") {
            self.advance(to: self.position + 1)
            try self.skipDigits()
        }
        if self.byte == UInt8(ascii: "e") || self.byte == UInt8(ascii: "E") {
            self.advance(to: self.position + 1)
            if self.byte == UInt8(ascii: "+") || self.byte == UInt8(ascii: "-") {
                self.advance(to: self.position + 1)
            }
            try self.skipDigits()
        }
        if let next = self.byte, (0x30...0x39).contains(next) { throw self.error(.badNumber) }
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = self.position
        while let byte = self.byte, (0x30...0x39).contains(byte) { self.advance(to: self.position + 1) }
        guard self.position > start else { throw self.error(.badNumber) }
    }

    /// The byte at the position, white space included.
    private var byte: UInt8? { self.position < self.text.count ? self.text[self.position] : nil }
}
