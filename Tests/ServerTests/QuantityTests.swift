import Testing

@testable import Server

@Suite("Quantities in words")
struct QuantityTests {
    @Test("Digits are grouped in threes")
    func counts() {
        let expected = [0: "0", 12: "12", 999: "999", 1000: "1,000", 100_000: "100,000", -1_234_567: "-1,234,567"]
        for (number, text) in expected { #expect(Quantity.count(number) == text) }
        #expect(Quantity.count(1, "bit") == "1 bit")
        #expect(Quantity.count(Int.min) == "-9,223,372,036,854,775,808")
    }

    @Test("Sizes take the largest unit that divides them")
    func sizes() {
        let expected = [0: "0 bytes", 1: "1 byte", 70_000: "70,000 bytes", 131_072: "128 KiB", 3 << 20: "3 MiB"]
        for (number, text) in expected { #expect(Quantity.bytes(number) == text) }
    }

    @Test("Times take the largest unit that divides them")
    func times() {
        let expected = [
            0: "0 seconds", 1: "1 second", 90: "90 seconds", 900: "15 minutes", 3600: "1 hour", 172_800: "2 days",
            31_536_000: "1 year", 94_608_000: "3 years",
        ]
        for (number, text) in expected { #expect(Quantity.seconds(number) == text) }
    }
}
