import TestSupport
import Testing

@testable import Nostr

@Suite struct JSONNumberTests {
    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "1.0", "1.50", "0.0", "-0.0", "1e5", "1E5", "1e+5", "1e-5", "0e0", "1.5e300",
        "123456789012345678901234567890", "1e99999", "-0.1E-07",
    ])
    func `a number by the grammar is accepted`(_ text: String) {
        #expect(JSONProbe.fault(in: text) == nil)
        #expect(JSONProbe.fault(in: "[\(text)]") == nil)
        #expect(JSONProbe.fault(in: "[\(text),\(text)]") == nil)
    }

    @Test(arguments: [
        "-", "+1", "01", "-01", "00", "-00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1E-", "1e5.0", "1.2.3", "--1",
        "0x10",
        "1_000", "1a", "1e5e5", "١", "0.", "0e", "1 000", "-Infinity", "-NaN",
    ])
    func `a number against the grammar is refused`(_ text: String) {
        #expect(JSONProbe.fault(in: text) != nil)
        #expect(JSONProbe.fault(in: "[\(text)]") != nil)
        #expect(JSONProbe.integerFault(text) != nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("-7", -7), (" 42 ", 42), ("65535", 65_535), ("1700000000", 1_700_000_000),
            ("9223372036854775806", .max - 1), ("9223372036854775807", .max), ("-9223372036854775807", .min + 1),
            ("-9223372036854775808", .min),
        ] as [(String, Int64)]
    )
    func `a whole number of 64 bits is read exactly`(_ text: String, _ number: Int64) throws {
        #expect(try JSONProbe.integer(text) == number)
    }

    @Test(arguments: [
        "9223372036854775808", "9223372036854775809", "9223372036854775817", "18446744073709551615",
        "18446744073709551616",
        "92233720368547758070", "99999999999999999999999999999999999999",
    ])
    func `a whole number beyond 64 bits becomes the nearest bound`(_ text: String) throws {
        #expect(try JSONProbe.integer(text) == .max)
        #expect(try JSONProbe.integer("-" + text) == .min || text == "9223372036854775808")
        #expect(try JSONProbe.integer(text + String(repeating: "0", count: 1_000)) == .max)
    }

    @Test(arguments: [
        "1.0", "1.5", "0.0", "-0", "-0.0", "1e0", "1e5", "1E5", "-1e-5", "\"1\"", "true", "false", "null", "[]", "[1]",
        "{}",
    ])
    func `a fraction, an exponent, minus zero and what is no number are no whole number`(_ text: String) {
        #expect(JSONProbe.integerFault(text) == .notInteger)
    }

    @Test func `nothing at all is no number`() {
        #expect(JSONProbe.integerFault("") == .unexpectedEnd)
        #expect(JSONProbe.integerFault("   ") == .unexpectedEnd)
        #expect(JSONProbe.integerFault("-") == .badNumber)
        #expect(JSONProbe.integerFault("1 2") == .trailingBytes)
    }

    @Test(arguments: [0, 1, -1, 9, 10, -9, -10, 99, 100, 65_535, 1_700_000_000, .max, .min, .min + 1] as [Int64])
    func `a whole number is written in decimal digits`(_ number: Int64) throws {
        var bytes: [UInt8] = [0x41]
        bytes.append(decimal: number)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text == "A\(number)")
    }

    @Test(arguments: [20_260_103] as [UInt64])
    func `a random whole number is read as it was written`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let number = Int64(bitPattern: generator.next()) >> Int64(generator.below(64))
            var bytes: [UInt8] = []
            bytes.append(decimal: number)
            let text = String(decoding: bytes, as: UTF8.self)
            try #require(text == String(number))
            try #require(try JSONProbe.integer(text) == number)
        }
    }
}
