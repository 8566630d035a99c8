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
        let bytes = text.bytes
        let high = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let low = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        guard let high = Self.number(UInt64(bigEndian: high)), let low = Self.number(UInt64(bigEndian: low)) else {
            return nil
        }
        return high << 32 | low
    }

    /// The number that eight digits stand for, the first of them in the highest byte.
    private static func number(_ digits: UInt64) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let letters = digits >> 6 & ones
        var values = (digits & 0x0F0F_0F0F_0F0F_0F0F) &+ letters &* 9
        // Whatever is no digit makes a value beyond fifteen, or one that another digit stands for.
        guard values & 0xF0F0_F0F0_F0F0_F0F0 == 0, Self.digits(ofValues: values) == digits else { return nil }
        values = (values | values >> 4) & 0x00FF_00FF_00FF_00FF
        values = (values | values >> 8) & 0x0000_FFFF_0000_FFFF
        return (values | values >> 16) & 0xFFFF_FFFF
    }

    /// The sixteen digits of a word, as they stand in memory.
    private static func digits(of word: UInt64) -> (UInt64, UInt64) {
        (Self.digits(ofHalf: word >> 32).bigEndian, Self.digits(ofHalf: word & 0xFFFF_FFFF).bigEndian)
    }

    /// The eight digits of 32 bits, the first of them in the highest byte.
    private static func digits(ofHalf number: UInt64) -> UInt64 {
        var values = (number | number << 16) & 0x0000_FFFF_0000_FFFF
        values = (values | values << 8) & 0x00FF_00FF_00FF_00FF
        values = (values | values << 4) & 0x0F0F_0F0F_0F0F_0F0F
        return Self.digits(ofValues: values)
    }

    /// Eight values of 0 to 15 as digits, each in its byte.
    private static func digits(ofValues values: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let letters = (values &+ ones &* 6) >> 4 & ones
        return values &+ ones &* 0x30 &+ letters &* 0x27
    }

    /// Appends 64 digits.
    static func append(_ bytes: Bytes32, to output: inout [UInt8]) {
        let digits = (
            Self.digits(of: bytes.a), Self.digits(of: bytes.b), Self.digits(of: bytes.c), Self.digits(of: bytes.d)
        )
        withUnsafeBytes(of: digits) { output.append(contentsOf: $0) }
    }

    /// Decodes an even number of lower-case digits, or returns nil.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        return Self.bytes(digits.span)
    }

    /// Decodes an even number of lower-case digits, or returns nil.
    static func bytes(_ digits: Span<UInt8>) -> [UInt8]? {
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
