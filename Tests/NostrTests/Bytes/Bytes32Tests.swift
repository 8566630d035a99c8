import TestSupport
import Testing

@testable import Nostr

@Suite struct Bytes32Tests {
    private static let hex = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"

    private static func read(_ text: String) -> Bytes32? { Bytes32(hex: Array(text.utf8).span) }

    @Test func `64 lower-case digits become 32 bytes and the same digits again`() throws {
        let value = try #require(Self.read(Self.hex))
        #expect(value.hex == Self.hex)
        #expect(value.array == Hex.bytes(Self.hex))
        #expect(Bytes32(value.array) == value)
        #expect(value.prefix == 0x0011_2233_4455_6677)
        #expect(value.withBytes { Array($0) } == value.array)
    }

    @Test func `upper case, other characters and other lengths are refused`() {
        for index in Self.hex.indices {
            for wrong in ["A", "F", "g", "/", ":", "`", " ", "\0", "é"] {
                let text = Self.hex.replacingCharacters(at: index, with: wrong)
                #expect(Self.read(text) == nil, "\(text)")
            }
        }
        #expect(Self.read("") == nil)
        #expect(Self.read(String(Self.hex.dropLast())) == nil)
        #expect(Self.read(Self.hex + "0") == nil)
        #expect(Self.read(Self.hex + Self.hex) == nil)
        #expect(Self.read("0x" + Self.hex.dropLast(2)) == nil)
    }

    @Test func `of all bytes sixteen are digits, wherever they stand`() {
        let digits = Array("0123456789abcdef".utf8)
        for place in 0..<64 {
            for byte in 0...UInt8.max {
                var text = [UInt8](repeating: UInt8(ascii: "0"), count: 64)
                text[place] = byte
                let value = Bytes32(hex: text.span)
                #expect((value != nil) == digits.contains(byte), "\(byte) at \(place)")
                if let value { #expect(value.hex.utf8.elementsEqual(text) && Bytes32(value.array) == value) }
                var appended: [UInt8] = []
                if let value { Hex.append(value, to: &appended) }
                #expect(value == nil || appended == text)
            }
        }
    }

    @Test func `only 32 bytes are 32 bytes`() {
        for count in 0..<70 { #expect((Bytes32([UInt8](repeating: 7, count: count)) != nil) == (count == 32)) }
    }

    @Test(arguments: [8] as [UInt64])
    func `values are ordered as their digits are`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        func word() -> UInt64 { generator.pick([0, 1, 1 << 63, .max, generator.next()]) }
        for _ in 0..<2_000 {
            let one = Bytes32(word(), word(), word(), word())
            let other = Bytes32(word(), word(), word(), word())
            try #require((one < other) == (one.hex < other.hex), "\(one.hex) \(other.hex)")
            try #require((one == other) == (one.hex == other.hex))
        }
    }

    @Test func `values that share half of their bytes do not share a hash, as clients choose what filters hold`() {
        let first = (0..<1_000).map { Bytes32(1, 2, 3, $0) }
        let second = (0..<1_000).map { Bytes32($0, 2, 3, 4) }
        #expect(Set(first.map(\.hashValue)).count > 990)
        #expect(Set(second.map(\.hashValue)).count > 990)
    }

    @Test func `hexadecimal of any even length is decoded, and nothing else`() {
        #expect(Hex.bytes("") == [])
        #expect(Hex.bytes("00ff7f") == [0x00, 0xFF, 0x7F])
        for wrong in ["0", "0g", "FF", "0x00", " 00", "0é", "00 "] { #expect(Hex.bytes(wrong) == nil, "\(wrong)") }
        #expect(Hex.string([0x00, 0xFF, 0x7F]) == "00ff7f")
    }

    @Test func `a word is read within bounds only`() {
        func word(_ offset: Int) -> UInt64? {
            let text = Array("0123456789abcdef0".utf8)
            return Hex.word(text.span, at: offset)
        }
        #expect(word(0) == 0x0123_4567_89AB_CDEF)
        #expect(word(1) == 0x1234_5678_9ABC_DEF0)
        for offset in [2, 17, 100, -1, .min] { #expect(word(offset) == nil) }
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
        String(self[..<index]) + text + String(self[self.index(after: index)...])
    }
}
