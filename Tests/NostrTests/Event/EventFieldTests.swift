import Testing

@testable import Nostr

/// Each field's type and range (NIP-01).
@Suite struct EventFieldTests {
    private static let valid = EventText(tags: #"[["t","x"]]"#)
    private static let claimed = Array(Self.valid.id.utf8)

    private static func expect(_ name: String, _ value: String, _ fault: String) {
        let found = Self.valid.with(name, value).fault
        #expect(found == EventError(claimedID: Self.claimed, text: fault), "\(name): \(value)")
    }

    @Test(arguments: ["null", "5", "-1.5", "true", "[]", "{}", #"["aa"]"#, #"{"id":"x"}"#])
    func `an id, pubkey, sig or content that is no string is refused`(_ value: String) {
        for name in ["pubkey", "sig", "content"] { Self.expect(name, value, "\(name) is not a string") }
        #expect(Self.valid.with("id", value).fault == EventError(claimedID: nil, text: "id is not a string"))
    }

    @Test func `hexadecimal of the wrong length, upper case or with other characters is refused`() {
        for (name, digits) in [("id", 64), ("pubkey", 64), ("sig", 128)] {
            let fault = "\(name) is not \(digits) lower-case hexadecimal digits"
            let right = String(repeating: "0123456789abcdef", count: digits / 16)
            let wrong: [String] = [
                "", "0", "\(right.dropLast())", "\(right)0", right.uppercased(), "A\(right.dropFirst())",
                "\(right.dropLast())g", "\(right.dropLast()) ", "0x\(right.dropFirst(2))", "\(right.dropLast(2))é",
                #"\u0030\#(right.dropFirst(6))"#, #"\u0041\#(right.dropFirst())"#,
            ]
            for value in wrong {
                let found = Self.valid.with(name, "\"\(value)\"").fault
                #expect(found?.text == fault, "\(name): \(value)")
                if name != "id" { #expect(found?.claimedID == Self.claimed) }
            }
        }
    }

    @Test func `digits may be written as escapes`() throws {
        let plain = EventText()
        for name in ["id", "pubkey", "sig"] {
            let value = try #require(plain[name])
            let escaped = value.dropFirst().dropLast().unicodeScalars.map { #"\u00"# + String($0.value, radix: 16) }
                .joined()
            #expect(try plain.with(name, "\"\(escaped)\"").parsed() == plain.parsed(), "\(name)")
        }
    }

    @Test func `a malformed id is answered about in canonical form, if it is short enough`() {
        func claimed(_ id: String) -> [UInt8]? { Self.valid.with("id", "\"\(id)\"").fault?.claimedID }
        #expect(claimed("") == [])
        #expect(claimed("ABC") == Array("ABC".utf8))
        #expect(claimed(#"\u0041\"\/\u00e9\u0001"#) == Array(#"A\"/é\u0001"#.utf8))
        #expect(claimed(String(repeating: "f", count: 128))?.count == 128)
        #expect(claimed(String(repeating: "f", count: 129)) == nil)
    }

    @Test(arguments: [0, 1, 4, 44, 255, 256, 9_999, 22_242, 39_999, 40_000, 65_534, 65_535])
    func `a kind from 0 to 65535 is accepted`(_ kind: Int) throws {
        #expect(try EventText(kind: kind).parsed().kind.rawValue == UInt16(kind))
    }

    @Test(arguments: [
        "65536", "-1", "-0", "1.0", "1.5", "1e0", "1E2", "0.0", "99999999999999999999", "-99999999999999999999",
        "131073",
        "\"1\"", "null", "true", "[]", "[1]", "{}",
    ])
    func `any other kind is refused`(_ kind: String) {
        Self.expect("kind", kind, "kind is not a whole number from 0 to 65535")
    }

    @Test(arguments: [0, 1, 1_700_000_000, 4_294_967_296, 1_707_827_688_371, 9_007_199_254_740_993, Int.max - 1])
    func `a time in whole seconds is accepted and written exactly`(_ time: Int) throws {
        let event = try EventText(createdAt: time).parsed()
        #expect(event.createdAt == Int64(time))
        #expect(event.text.contains(#""created_at":\#(time),"#))
    }

    @Test(arguments: [
        "-1", "-0", "1.0", "1700000000.5", "17e8", "-1700000000", "-9223372036854775808", "-9223372036854775809",
        "\"1700000000\"", "null", "false", "[]", "{}",
    ])
    func `a time that is a fraction, negative or no number is refused`(_ time: String) {
        Self.expect("created_at", time, "created_at is not a whole number of seconds")
    }

    @Test(arguments: ["9223372036854775808", "18446744073709551616", "99999999999999999999999999"])
    func `a time beyond 64 bits is refused`(_ time: String) {
        var text = Self.valid.with("created_at", time)
        #expect(text.fault != nil)
        text.seal()
        #expect(text.fault != nil)
    }

    @Test(arguments: ["01", "+1", "1.", ".5", "0x1", "1e", "--1", "NaN", "undefined", "'1'", ""])
    func `a number that is no JSON makes the whole text no JSON`(_ value: String) {
        for name in ["kind", "created_at"] {
            let fault = Self.valid.with(name, value).fault
            #expect(fault != nil && fault?.claimedID == nil, "\(name): \(value)")
        }
    }

    @Test func `of several faults the first is reported, with the id, wherever the id stands`() {
        var text = Self.valid.with("kind", "null").with("content", "5")
        #expect(text.fault?.text == "kind is not a whole number from 0 to 65535")
        text.fields.reverse()
        #expect(text.fault == EventError(claimedID: Self.claimed, text: "content is not a string"))
    }
}
