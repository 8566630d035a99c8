import Testing

@testable import Nostr

/// Any value of JSON.
@Suite struct JSONValueTests {
    private static func read(_ text: String) throws(JSONError) -> JSONValue {
        let bytes = Array(text.utf8)
        return try JSONValue(parsing: bytes.span)
    }

    @Test func `values are read and written again`() throws {
        let text = #"{"a":[1,-2.5e3,true,false,null,"x\n\"é"],"b":{"c":{}},"d":[]}"#
        let value = try Self.read(" " + text + "\n")
        #expect(value["a"]?.array?.first?.integer == 1)
        #expect(value["a"]?.array?[1].integer == nil)
        #expect(value["a"]?.array?.last?.string == "x\n\"é")
        #expect(String(decoding: value.json, as: UTF8.self) == text)
    }

    @Test func `of a name that stands twice the last value counts`() throws {
        #expect(try Self.read(#"{"a":1,"\u0061":2}"#)["a"]?.integer == 2)
    }

    @Test(arguments: ["", "{", "[1", #"{"a"}"#, "{}x", "nul", "01", "\"\u{1}\"", #"{"a":}"#, "[,]", "'a'"])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try Self.read(text) }
    }

    @Test func `nesting has an end`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try Self.read(deep) }
        #expect(throws: Never.self) {
            try Self.read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        }
    }
}
