import TestSupport
import Testing

@testable import Nostr

/// How content is written, hashed and counted (NIP-01, checklist 2).
@Suite struct EventContentTests {
    /// An event whose id hashes the control characters verbatim, as the text of NIP-01 has it.
    private static func verbatim(tags: String, content: String, written: (tags: String, content: String)) -> EventText {
        var text = EventText(tags: tags, content: content)
        (text["tags"], text["content"]) = (written.tags, written.content)
        return text
    }

    @Test func `a control character beyond the seven is good under both forms of the id`() throws {
        for value in UInt8(0)..<0x20 where ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value) {
            let character = String(Unicode.Scalar(value))
            let escape = String(ReferenceText.quoted(character).dropFirst().dropLast())
            let tags = #"[["t","\#(escape)"]]"#
            let escaped = EventText(tags: tags, content: #""a\#(escape)b""#)
            #expect(try escaped.parsed().text == escaped.json)
            let verbatim = Self.verbatim(
                tags: #"[["t","\#(character)"]]"#,
                content: "\"a\(character)b\"",
                written: (tags, #""a\#(escape)b""#)
            )
            #expect(verbatim.id != escaped.id)
            #expect(try verbatim.parsed().text == verbatim.json)
            #expect(try verbatim.parsed().content == "a\(character)b")
        }
    }

    @Test func `a control character is good under both forms where it stands in tags or content alone`() throws {
        for (tags, content) in [(#"[["t","\u0001"]]"#, #""\\u0002""#), (#"[["t","\\u0003"]]"#, #""\u001f\"""#)] {
            let hashed = (tags, content)
            let text = Self.verbatim(
                tags: hashed.0.replacing(#""\u0001"#, with: "\"\u{1}"),
                content: hashed.1.replacing(#""\u001f"#, with: "\"\u{1F}"),
                written: (tags, content)
            )
            #expect(try text.parsed().text == text.json)
        }
    }

    @Test func `the seven escapes are hashed as escapes and in no other form`() throws {
        let written = #""\n\"\\\r\t\b\f""#
        #expect(try EventText(content: written).parsed().content == "\n\"\\\r\t\u{8}\u{C}")
        let raw = Self.verbatim(tags: "[]", content: "\"\n\r\t\"", written: ("[]", #""\n\r\t""#))
        #expect(raw.fault?.text == "id is not the hash of the event")
        let long = Self.verbatim(tags: "[]", content: #""\u000a""#, written: ("[]", #""\n""#))
        #expect(long.fault?.text == "id is not the hash of the event")
    }

    @Test(arguments: [
        "/", "\u{7F}", "\u{80}", "\u{2028}", "\u{2029}", "é", "e\u{301}", "😀", "<&>'", "\u{FEFF}", "\u{FFFF}",
    ])
    func `a slash, DEL, line separators and emoji are hashed raw, however they came`(_ string: String) throws {
        let raw = EventText(content: "\"\(string)\"")
        #expect(try raw.parsed().content.utf8.elementsEqual(string.utf8))
        let escapes = string.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
        }
        #expect(try raw.with("content", "\"\(escapes.joined())\"").parsed().text == raw.json)
        var sealed = raw.with("content", "\"\(escapes.joined())\"")
        sealed.seal()
        #expect(sealed.fault?.text == "id is not the hash of the event")
    }

    @Test func `a slash that a library hashed as an escape makes a wrong id`() {
        var text = EventText(content: #""https:\/\/example.com""#)
        #expect(text.fault?.text == "id is not the hash of the event")
        text.seal()
        #expect(text.fault?.text == "id is not the hash of the event")
    }

    @Test func `NUL stands in content as an escape only`() throws {
        let text = EventText(content: #""a\u0000b""#)
        #expect(try text.parsed().content == "a\0b")
        #expect(try text.parsed().json.contains(0) == false)
        #expect(text.with("content", "\"a\0b\"").fault?.claimedID == nil)
    }

    @Test(arguments: [
        ("", 0), ("a", 1), ("é", 1), ("e\u{301}", 2), ("😀", 1), ("👨‍👩‍👧", 5), ("\n\"\\", 3), ("\u{0}\u{1F}", 2),
        ("\r\n", 2),
        ("\u{10FFFF}\u{7FF}\u{800}", 3), ("/\u{7F}", 2), ("\\u0041", 6),
    ])
    func `content is counted in Unicode scalars`(_ content: String, _ count: Int) throws {
        #expect(try Event.sample(content: content).contentCharacters == count)
    }

    @Test(arguments: [20_260_203] as [UInt64])
    func `random content is read as it was written`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<1_000 {
            let content = generator.string(upTo: 60)
            let event = try Event.sample(content: content)
            try #require(event.content.utf8.elementsEqual(content.utf8))
            try #require(event.contentCharacters == content.unicodeScalars.count)
            try #require(event.contentBytes == ReferenceText.quoted(content).utf8.count - 2)
        }
    }
}
