/// Lower-case hexadecimal, the only form that NIP-01 allows.
public enum Hex {
    /// The value of each digit, or 0xFF.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in "0123456789abcdef".utf8.enumerated() { table[Int(digit)] = UInt8(value) }
        return table
    }()
    static let digits = [UInt8]("0123456789abcdef".utf8)

    /// Sixteen digits at `offset` as one word, or nil where one of them is not a lower-case digit.
    static func word(_ text: Span<UInt8>, at offset: Int) -> UInt64? {
        guard offset >= 0, text.count - offset >= 16 else { return nil }
        var word: UInt64 = 0
        var seen: UInt8 = 0
        let values = Self.values
        for index in offset..<offset + 16 {
            let value = values[Int(text[index])]
            seen |= value
            word = word << 4 | UInt64(value & 0x0F)
        }
        return seen > 0x0F ? nil : word
    }

    /// Decodes an even number of lower-case digits, or returns nil.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            let high = Self.values[Int(digits[index])]
            let low = Self.values[Int(digits[index + 1])]
            guard high <= 0x0F, low <= 0x0F else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Appends two digits a byte.
    public static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            output.append(Self.digits[Int(byte >> 4)])
            output.append(Self.digits[Int(byte & 0x0F)])
        }
    }

    /// Two digits a byte.
    public static func string(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        Self.append(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
