/// Bech32 with the checksum of BIP-173, without its limit of 90 characters (NIP-19).
enum Bech32 {
    private static let alphabet = [UInt8]("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    static let maximumCharacters = 5_000

    /// Splits a text into its human-readable part and its bytes; nil where the text or the checksum is wrong.
    static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
        // Other characters are refused before any change of case: the Kelvin sign's lower case is an ASCII k.
        guard text.utf8.count <= Self.maximumCharacters, text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            return nil
        }
        let lowered = text.lowercased()
        guard text == lowered || text == text.uppercased(), let separator = lowered.lastIndex(of: "1")
        else { return nil }
        let prefix = lowered[..<separator]
        var values: [UInt8] = []
        for digit in lowered[lowered.index(after: separator)...].utf8 {
            guard let value = Self.alphabet.firstIndex(of: digit) else { return nil }
            values.append(UInt8(value))
        }
        guard !prefix.isEmpty, values.count >= 6, Self.checksum(Self.expand(prefix) + values) == 1,
            let bytes = Self.regroup(values.dropLast(6), from: 5, to: 8, pads: false)
        else { return nil }
        return (String(prefix), bytes)
    }

    /// Joins a human-readable part and bytes.
    static func encode(prefix: String, bytes: [UInt8]) -> String {
        let values = Self.regroup(bytes, from: 8, to: 5, pads: true) ?? []
        let sum = Self.checksum(Self.expand(prefix) + values + [0, 0, 0, 0, 0, 0]) ^ 1
        let tail = (0..<6).map { UInt8(sum >> UInt32(5 * (5 - $0)) & 31) }
        let digits = (values + tail).map { Self.alphabet[Int($0)] }
        return prefix + "1" + String(decoding: digits, as: UTF8.self)
    }

    private static func expand(_ prefix: some StringProtocol) -> [UInt8] {
        prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 }
    }

    private static func checksum(_ values: [UInt8]) -> UInt32 {
        let generators: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1FF_FFFF) << 5 ^ UInt32(value)
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { sum ^= generator }
        }
        return sum
    }

    /// Regroups bits; without padding, left-over bits must be fewer than a group and zero.
    private static func regroup(_ values: some Sequence<UInt8>, from: UInt32, to: UInt32, pads: Bool) -> [UInt8]? {
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        var output: [UInt8] = []
        for value in values {
            accumulator = (accumulator << from | UInt32(value)) & 0xFFF
            bits += from
            while bits >= to {
                bits -= to
                output.append(UInt8(accumulator >> bits & (1 << to - 1)))
            }
        }
        let rest = accumulator & (1 << bits - 1)
        if pads {
            if bits > 0 { output.append(UInt8(rest << (to - bits) & (1 << to - 1))) }
        } else if bits >= from || rest != 0 {
            return nil
        }
        return output
    }
}
