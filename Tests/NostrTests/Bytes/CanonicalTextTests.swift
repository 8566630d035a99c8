import TestSupport
import Testing

@testable import Nostr

@Suite struct CanonicalTextTests {
    private static func canonical(_ string: String) -> [UInt8] {
        var bytes: [UInt8] = []
        CanonicalText.append(string, to: &bytes)
        return bytes
    }

    @Test func `seven characters have two-letter escapes and the other control characters are written u00xx`() {
        for value in UInt8(0)...0x7F {
            let expected: String
            switch value {
            case 0x08: expected = #"\b"#
            case 0x09: expected = #"\t"#
            case 0x0A: expected = #"\n"#
            case 0x0C: expected = #"\f"#
            case 0x0D: expected = #"\r"#
            case 0x22: expected = #"\""#
            case 0x5C: expected = #"\\"#
            case 0..<0x10: expected = #"\u000"# + String(value, radix: 16)
            case 0x10..<0x20: expected = #"\u00"# + String(value, radix: 16)
            default: expected = String(Unicode.Scalar(value))
            }
            let written = String(decoding: Self.canonical(String(Unicode.Scalar(value))), as: UTF8.self)
            #expect(written == expected, "\(value)")
        }
    }

    @Test(arguments: [
        "/", "\u{7F}", "\u{80}", "\u{2028}", "\u{2029}", "é", "e\u{301}", "😀", "\u{FEFF}", "\u{10FFFF}", "<>&'",
    ])
    func `a slash, DEL, the line separators and all of Unicode stay as they are`(_ string: String) {
        #expect(Self.canonical(string) == Array(string.utf8))
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `decoding the canonical form of any string gives the string back`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let string = generator.string(upTo: 40)
            let canonical = Self.canonical(string)
            let unescaped = CanonicalText.unescape(canonical.span)
            let decoded = CanonicalText.decode(canonical.span)
            try #require(unescaped == Array(string.utf8), "\(Array(string.utf8))")
            try #require(decoded.utf8.elementsEqual(string.utf8))
            try #require("\"\(String(decoding: canonical, as: UTF8.self))\"" == ReferenceText.quoted(string))
        }
    }

    @Test(arguments: [5, 6] as [UInt64])
    func `however a string is escaped, its canonical form is the same`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var scrambler = JSONScrambler(seed: seed)
        for _ in 0..<2_000 {
            let string = generator.string(upTo: 40)
            let text = scrambler.write(string)
            try #require(try JSONProbe.canonical(text) == Self.canonical(string), "\(text)")
        }
    }

    @Test(arguments: [7] as [UInt64])
    func `damaged canonical text decodes to something and never traps`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<5_000 {
            var bytes = Self.canonical(generator.string(upTo: 12))
            for _ in 0..<3 {
                let index = generator.below(bytes.count + 1)
                bytes.insert(
                    contentsOf: generator.pick([[0x5C], [0x5C, 0x75], Array("\\ud800".utf8), [0xFF], [0x22]]),
                    at: index
                )
            }
            bytes.removeLast(generator.below(bytes.count))
            _ = CanonicalText.decode(bytes.span)
        }
    }
}
