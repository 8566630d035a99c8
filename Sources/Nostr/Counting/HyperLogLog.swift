/// A sketch of how many authors wrote the events that were counted, which can be merged with those of other relays
/// (NIP-45, "HyperLogLog").
public struct HyperLogLog: Sendable, Hashable {
    /// The byte of a public key that names its register; the bits behind it give the register's value. From 8 to 23.
    public let offset: Int
    /// 256 registers.
    public private(set) var registers = [UInt8](repeating: 0, count: 256)

    init(offset: Int) { self.offset = offset }

    /// Notes the author of an event that is counted.
    public mutating func note(_ author: PublicKey) {
        let (register, value) = author.bytes.withBytes { key in
            var zeros = 0
            for byte in key[(self.offset + 1)...] {
                zeros += byte.leadingZeroBitCount
                guard byte == 0 else { break }
            }
            return (Int(key[self.offset]), UInt8(zeros + 1))
        }
        self.registers[register] = max(self.registers[register], value)
    }

    /// The registers, two lower-case hexadecimal digits each: 512 digits.
    public var hex: String { Hex.string(self.registers) }
}
