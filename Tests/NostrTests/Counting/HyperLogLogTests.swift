import Testing

@testable import Nostr

/// NIP-45, "HyperLogLog".
@Suite struct HyperLogLogTests {
    private static let digits = "0123456789abcdef0123456789abcdef"
    /// An id whose digit at position 32 is the one given.
    private static func id(_ digit: Character) -> String {
        Self.digits + String(digit) + String(repeating: "e", count: 31)
    }

    private static func offset(_ filter: String) throws -> Int? {
        HyperLogLog(for: try Filter(parsing: filter))?.offset
    }

    @Test func `the digit at position 32 of an id or a key tells the offset`() throws {
        for (value, digit) in "0123456789abcdef".enumerated() {
            for letter in ["e", "p", "E", "q", "x"] {
                #expect(try Self.offset(##"{"#\##(letter)":["\##(Self.id(digit))"]}"##) == value + 8)
            }
        }
    }

    @Test func `of an address the key tells it`() throws {
        for kind in ["0", "30023", "65535"] {
            for identifier in ["", "x", "a:b", "\\\"é"] {
                let value = "\(kind):\(Self.id("c")):\(identifier)"
                #expect(try Self.offset(##"{"#a":["\##(value)"]}"##) == 20, "\(value)")
            }
        }
    }

    @Test func `of anything else the hash tells it`() throws {
        // SHA-256 by another program, and the digit at position 32 of each.
        let values = [
            ("x", 8 + 0xC), ("", 8 + 0x2), ("é", 8 + 0xD), ("nostr", 8 + 0x4), (#"a\"b\\\n"#, 8 + 0x1),
            ("ABCDEF" + String(repeating: "0", count: 58), 8 + 0xA), ("30023:abc:x", 8 + 0xA),
            (":\(Self.id("c")):x", 8 + 0x5), ("1234567:\(Self.id("c")):x", 8 + 0xB), ("1:\(Self.id("c"))", 8 + 0x9),
        ]
        for (value, offset) in values {
            #expect(try Self.offset(##"{"#t":["\##(value)"]}"##) == offset, "\(value)")
        }
    }

    @Test func `the first value of the first tag attribute counts, as the filter has them`() throws {
        let (first, second) = (Self.id("1"), Self.id("2"))
        #expect(try Self.offset(##"{"#p":["\##(first)","\##(second)"],"#e":["\##(second)"]}"##) == 9)
        #expect(try Self.offset(##"{"kinds":[7],"#e":["\##(second)","\##(first)"],"#a":["\##(first)"]}"##) == 10)
    }

    @Test func `a filter without a tag attribute, or without a value in it, has no sketch`() throws {
        for filter in ["{}", #"{"kinds":[1]}"#, #"{"authors":["\#(Self.id("0"))"]}"#, ##"{"#t":[]}"##] {
            #expect(try Self.offset(filter) == nil)
        }
    }

    @Test func `a key's byte at the offset names the register, and the zero bits behind it give its value`() {
        var sketch = HyperLogLog(offset: 8)
        #expect(sketch.registers == [UInt8](repeating: 0, count: 256))
        let keys: [(UInt64, UInt64, UInt64, register: Int, value: UInt8)] = [
            (0xAA80_0000_0000_0000, 0, 0, 0xAA, 1), (0xAB7F_0000_0000_0000, 0, 0, 0xAB, 2),
            (0x0001_0000_0000_0000, 0, 0, 0x00, 8), (0xFF00_4000_0000_0000, 0, 0, 0xFF, 10),
            (0x1100_0000_0000_0000, 1 << 63, 0, 0x11, 57), (0x1200_0000_0000_0000, 0, 1, 0x12, 184),
            (0x1300_0000_0000_0000, 0, 0, 0x13, 185),
        ]
        var expected = sketch.registers
        for (second, third, fourth, register, value) in keys {
            sketch.note(PublicKey(Bytes32(.max, second, third, fourth)))
            expected[register] = value
            #expect(sketch.registers == expected)
        }
    }

    @Test func `a register keeps the highest value`() {
        var sketch = HyperLogLog(offset: 23)
        let key = { (low: UInt64) in PublicKey(Bytes32(1, 2, 0x07, low)) }
        for (low, value) in [(1 << 60, 4), (1 << 62, 4), (1 << 50, 14), (.max, 14), (0, 65)] as [(UInt64, UInt8)] {
            sketch.note(key(low))
            #expect(sketch.registers[7] == value)
        }
    }

    @Test func `the text is 512 lower-case digits, the first register first`() {
        var sketch = HyperLogLog(offset: 8)
        sketch.note(PublicKey(Bytes32(0, 0x01 << 56 | 1, 0, 0)))
        #expect(sketch.hex == "0038" + String(repeating: "00", count: 254))
        #expect(sketch.hex.count == 512)
    }
}
