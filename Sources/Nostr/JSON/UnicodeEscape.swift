/// The four hexadecimal digits of a `\u` escape (RFC 8259, section 7).
enum UnicodeEscape {
    /// The code unit at `offset`, or nil where there are not four digits.
    static func codeUnit(_ text: Span<UInt8>, at offset: Int) -> UInt16? {
        guard offset + 4 <= text.count else { return nil }
        var unit: UInt16 = 0
        for index in offset..<offset + 4 {
            let byte = text[index]
            let value: UInt8
            switch byte {
            case 0x30...0x39: value = byte - 0x30
            case 0x41...0x46: value = byte - 0x41 + 10
            case 0x61...0x66: value = byte - 0x61 + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }
}
