extension [UInt8] {
    /// Appends bytes that something else owns.
    mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { self.append(contentsOf: $0) }
    }

    /// Appends a whole number in decimal digits.
    mutating func append(decimal number: Int64) {
        guard number < 0 || number > 9 else { return self.append(0x30 + UInt8(number)) }
        var magnitude = number.magnitude
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        Swift.withUnsafeMutableBytes(of: &digits) { buffer in
            var start = buffer.count
            while magnitude > 0 {
                start -= 1
                buffer[start] = 0x30 + UInt8(magnitude % 10)
                magnitude /= 10
            }
            if number < 0 {
                start -= 1
                buffer[start] = UInt8(ascii: "-")
            }
            self.append(contentsOf: buffer[start...])
        }
    }
}

extension Array where Element == UInt8 {
    /// A copy of bytes that something else owns.
    public init(_ bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { Array($0) }
    }
}
