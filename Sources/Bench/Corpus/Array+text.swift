import Nostr

extension [UInt8] {
    /// Appends a literal.
    mutating func append(_ text: StaticString) {
        self.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a whole number.
    mutating func append(decimal number: Int64) { self.append(contentsOf: String(number).utf8) }

    /// Appends 64 hexadecimal digits.
    mutating func append(hex value: Bytes32) { value.withBytes { Hex.append($0, to: &self) } }
}
