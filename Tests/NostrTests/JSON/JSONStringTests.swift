import TestSupport
import Testing

@testable import Nostr

@Suite struct JSONStringTests {
    @Test func `every control character must be escaped, wherever it stands`() {
        for control in UInt8(0)..<0x20 {
            for position in 0..<20 {
                var bytes = Array("\"aaaaaaaaaaaaaaaaaaaa\"".utf8)
                bytes[1 + position] = control
                #expect(JSONProbe.fault(in: bytes) == JSONError(offset: 1 + position, reason: .controlCharacter))
            }
        }
    }

    @Test(arguments: ["\u{20}", "\u{7F}", "\u{80}", "é", "\u{2028}", "\u{FFFF}", "😀", "\u{10FFFF}", "/", "'", "#"])
    func `any other character may stand as it is`(_ character: String) throws {
        for count in 0..<12 {
            let text = String(repeating: "a", count: count) + character
            #expect(JSONProbe.fault(in: "\"\(text)\"") == nil)
            #expect(try JSONProbe.canonical("\"\(text)\"") == Array(text.utf8))
        }
    }

    @Test(arguments: [
        (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"), (#"\n"#, "\n"),
        (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\u0041"#, "A"), (#"\u00e9"#, "é"), (#"\u00E9"#, "é"), (#"\u0000"#, "\0"),
        (#"\u2028"#, "\u{2028}"), (#"\uFfFf"#, "\u{FFFF}"), (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00"#, "😀"),
        (#"\ud800\udc00"#, "\u{10000}"), (#"\udbff\udfff"#, "\u{10FFFF}"), (#"\u007f"#, "\u{7F}"),
    ])
    func `an escape stands for its character`(_ escape: String, _ character: String) throws {
        for (before, after) in [("", ""), ("a", "b"), ("\\n", "\\\""), ("0123456", "0123456789")] {
            let canonical = try JSONProbe.canonical("\"\(before)\(escape)\(after)\"")
            let middle = ReferenceText.quoted(character).dropFirst().dropLast()
            let expected = try JSONProbe.canonical("\"\(before)\(middle)\(after)\"")
            #expect(canonical == expected)
        }
    }

    @Test(arguments: [
        #"\x"#, #"\'"#, #"\a"#, #"\0"#, #"\v"#, #"\U0041"#, #"\ "#, #"\u"#, #"\u1"#, #"\u12"#, #"\u123"#, #"\u12G4"#,
        #"\u 123"#, #"\u-123"#, #"\u+123"#, #"\u00"e9"#, #"\ué"#, #"\é"#, "\\\n",
    ])
    func `an escape that JSON does not have is refused`(_ escape: String) {
        #expect(JSONProbe.fault(in: "\"\(escape)\"") != nil)
        #expect(JSONProbe.fault(in: "\"\(escape)        \"") != nil)
    }

    @Test(arguments: [
        #"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"\ud800\ud800"#, #"\udc00\ud800"#, #"\ud800x"#, #"\ud800\n"#,
        #"\ud800\u0041"#, #"\ud83d\uDBFF"#, #"\ud83d \ude00"#, #"\uD83D\\uDE00"#, #"\ud83d\ude00\ud83d"#,
    ])
    func `half a surrogate pair is refused`(_ escape: String) {
        for (before, after) in [("", ""), ("a", "b"), ("", "0123456789")] {
            #expect(JSONProbe.fault(in: "\"\(before)\(escape)\(after)\"")?.reason == .loneSurrogate)
        }
    }

    @Test func `a string that ends inside an escape or without a quote is refused`() {
        for text in [
            "\"", "\"a", "\"\\", "\"\\u", "\"\\u1", "\"\\u12", "\"\\u123", "\"\\u1234", "\"\\ud83d",
            "\"\\ud83d\\", "\"\\ud83d\\u", "\"\\ud83d\\ude0", "\"\\ud83d\\ude00", "\"\\\"", "\"0123456789abcdef",
        ] {
            #expect(JSONProbe.fault(in: text) != nil, "\(text)")
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]]
    )
    func `bytes that are not UTF-8 are refused`(_ bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let isValid = UTF8Check.isValid(bytes.span)
        #expect(!isValid)
        #expect(JSONProbe.fault(in: [quote] + bytes + [quote])?.reason == .badUTF8)
        #expect(
            JSONProbe.fault(in: Array(#"["0123456789","#.utf8) + [quote] + bytes + Array("\"]".utf8))?.reason
                == .badUTF8
        )
    }

    /// The reader looks at eight bytes a step; a plain loop over the same bytes must agree with it.
    @Test(arguments: [20_260_101, 20_260_102] as [UInt64])
    func `the end of a string is found where a byte by byte search finds it`(seed: UInt64) {
        let alphabet: [UInt8] = [
            0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0x9F, 0xA0, 0xA2, 0xDC, 0xFF,
        ]
        var generator = SplitMix64(seed: seed)
        var differences = 0
        for _ in 0..<20_000 {
            let plain = (0..<generator.below(24)).map { _ in generator.once(in: 3) ? generator.pick(alphabet) : 0x61 }
            let bytes = [0x22] + plain + [0x22]
            let end = plain.firstIndex { $0 < 0x20 || $0 == 0x22 } ?? plain.count
            let endsWell = end == plain.count || plain[end] == 0x22
            var reader = JSONReader(bytes.span)
            do throws(JSONError) {
                let token = try reader.readString()
                if !endsWell || token != StringToken(range: 1..<end + 1, hasEscapes: false) { differences += 1 }
            } catch {
                if endsWell || error != JSONError(offset: end + 1, reason: .controlCharacter) { differences += 1 }
            }
        }
        #expect(differences == 0)
    }
}
