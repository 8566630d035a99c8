import Testing

@testable import Nostr

/// Filters as REQ and COUNT hold them (NIP-01, checklist 16 to 24).
@Suite struct FilterParsingTests {
    private static let a = String(repeating: "a", count: 64)
    private static let b = String(repeating: "b", count: 64)

    private static func refusal(_ text: String, maximumValues: Int = 100_000) -> Refusal? {
        do throws(Refusal) {
            _ = try Filter(parsing: text, maximumValues: maximumValues)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a filter reads as its fields say`() throws {
        let text = """
            {"ids":["\(Self.a)"],"authors":["\(Self.b)","\(Self.a)"],"kinds":[1,65535,0],"#e":["\(Self.a)"],
             "#t":["x","é"],"#T":[""],"since":5,"until":7,"limit":10}
            """
        let filter = try Filter(parsing: text)
        #expect(filter.ids?.map(\.hex) == [Self.a])
        #expect(filter.authors?.map(\.hex) == [Self.b, Self.a])
        #expect(filter.kinds == [Kind(1), Kind(65_535), Kind(0)])
        #expect(filter.tags.map(\.letter) == Array("etT".utf8))
        #expect(
            filter.tags.map { $0.values.map { String(decoding: $0, as: UTF8.self) } } == [[Self.a], ["x", "é"], [""]]
        )
        #expect(filter.since == 5)
        #expect(filter.until == 7)
        #expect(filter.limit == 10)
        #expect(filter.valueCount == 10)
        #expect(!filter.isUnsatisfiable)
    }

    @Test func `an empty filter asks for everything`() throws {
        let filter = try Filter(parsing: " { } ")
        #expect(filter == Filter())
        #expect(filter.valueCount == 0)
        #expect(!filter.isUnsatisfiable)
    }

    @Test(arguments: ["ids", "authors", "kinds", "#e", "#p", "#t", "#Z"])
    func `an empty list is kept, and matches nothing`(_ field: String) throws {
        let filter = try Filter(parsing: #"{"\#(field)":[ ],"limit":1}"#)
        #expect(filter.isUnsatisfiable)
        #expect(filter != Filter())
        #expect(!Matcher(filter).matches(try Event.sample(tags: [["e", Self.a], ["t", ""], ["Z", ""]])))
    }

    @Test(arguments: ["ids", "authors", "#e", "#p"])
    func `prefixes, upper case and what is no hexadecimal are refused where ids and keys stand`(_ field: String) {
        let wrong = [
            "", "a", String(Self.a.dropLast()), Self.a + "a", Self.a.uppercased(), Self.a.dropLast() + "g",
            "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg", #"\u0041"# + Self.a.dropFirst(),
            #"\u0061"# + Self.a,
        ]
        for value in wrong {
            let refusal = Self.refusal(#"{"\#(field)":["\#(Self.b)","\#(value)"]}"#)
            #expect(refusal?.prefix == .invalid)
            #expect(refusal?.text == "\(field) holds exact values of 64 lower-case hexadecimal digits", "\(value)")
        }
    }

    @Test(arguments: ["ids", "authors", "#e", "#p"])
    func `digits may be written as escapes`(_ field: String) throws {
        let escaped = Self.a.unicodeScalars.map { #"\u00"# + String($0.value, radix: 16) }.joined()
        let plain = try Filter(parsing: #"{"\#(field)":["\#(Self.a)"]}"#)
        #expect(try Filter(parsing: #"{"\#(field)":["\#(escaped)"]}"#) == plain)
    }

    @Test(arguments: ["#E", "#P", "#a", "#d", "#q", "#t"])
    func `other tags hold any string`(_ field: String) throws {
        let filter = try Filter(parsing: #"{"\#(field)":["","a","\u00e9\/\u0001\n"]}"#)
        #expect(filter.tags.first?.values == [[], Array("a".utf8), Array(#"é/\u0001\n"#.utf8)])
    }

    @Test(arguments: ["ids", "authors", "kinds", "#e", "#t"])
    func `a list that is no list is refused`(_ field: String) {
        for value in ["null", "1", "\"\(Self.a)\"", "true", "{}", "{\"0\":1}"] {
            #expect(Self.refusal(#"{"\#(field)":\#(value)}"#) == Refusal(.invalid, "\(field) is a list"))
        }
    }

    @Test func `a list with a value of another type is refused`() {
        for value in ["null", "1", "true", "[]", "{}", "1.5"] {
            for field in ["ids", "authors", "#e", "#t"] {
                let refusal = Self.refusal(#"{"\#(field)":[\#(value)]}"#)
                #expect(refusal == Refusal(.invalid, "\(field) holds strings"), "\(value)")
            }
        }
        for value in ["null", "\"1\"", "true", "[]", "{}", "1.5", "1e2", "-0"] {
            #expect(
                Self.refusal(#"{"kinds":[\#(value)]}"#) == Refusal(.invalid, "kinds holds whole numbers"),
                "\(value)"
            )
        }
        for value in ["-1", "65536", "99999999999999999999", "-99999999999999999999"] {
            let expected = Refusal(.invalid, "kinds holds whole numbers from 0 to 65535")
            #expect(Self.refusal(#"{"kinds":[1,\#(value)]}"#) == expected, "\(value)")
        }
    }

    @Test func `values that stand there twice count once, in the order of the first`() throws {
        let filter = try Filter(
            parsing: ##"{"kinds":[3,1,3,1,2],"#t":["b","a","\u0062","a"],"ids":["\##(Self.a)","\##(Self.a)"]}"##
        )
        #expect(filter.kinds == [Kind(3), Kind(1), Kind(2)])
        #expect(filter.tags.first?.values == [Array("b".utf8), Array("a".utf8)])
        #expect(filter.ids?.count == 1)
        #expect(filter.valueCount == 6)
    }

    @Test func `of a field that stands there twice, the last counts`() throws {
        let filter = try Filter(parsing: ##"{"kinds":[1],"#t":["a"],"since":1,"kinds":[2],"#t":["b"],"since":2}"##)
        #expect(filter.kinds == [Kind(2)])
        #expect(filter.tags == [TagCondition(letter: UInt8(ascii: "t"), values: [Array("b".utf8)])])
        #expect(filter.since == 2)
    }

    @Test(arguments: [
        "search", "#ab", "#", "##", "#1", "#-", "#é", "e", "#e ", "tags", "id", "author", "kind", "Kinds", "", "&t",
        "\\n",
    ])
    func `a field that this relay does not know is refused as unsupported, by its name`(_ field: String) {
        let refusal = Self.refusal(#"{"kinds":[1],"\#(field)":["x"]}"#)
        #expect(refusal?.prefix == .unsupported)
        #expect(refusal?.text == "this relay has no filter field \"\(field == "\\n" ? "\n" : field)\"")
    }

    @Test func `an unknown field's long name is cut short in the answer`() {
        let refusal = Self.refusal(#"{"\#(String(repeating: "x", count: 100_000))":1}"#)
        #expect(refusal?.text == "this relay has no filter field \"\(String(repeating: "x", count: 32))\"")
        let halved = Self.refusal(#"{"\#(String(repeating: "x", count: 31))é":1}"#)
        #expect(halved?.text == "this relay has no filter field \"\(String(repeating: "x", count: 31))\u{FFFD}\"")
    }

    @Test(arguments: [
        "", "{", "[", #"{"kinds"}"#, #"{"kinds":[1}"#, #"{"kinds":[1,]}"#, #"{"since":01}"#, "{},", "{}{}",
    ])
    func `a text that is no JSON is refused`(_ text: String) {
        #expect(Self.refusal(text)?.prefix == .invalid)
    }

    @Test(arguments: ["[]", "null", "1", #""{}""#, "true"])
    func `a filter is an object`(_ text: String) {
        #expect(Self.refusal(text) == Refusal(.invalid, "a filter is an object"))
    }

    @Test func `more values than the bound are refused, however they are spread over the lists`() {
        let tooMany = Refusal(.invalid, "the filters hold too many values")
        for text in [
            ##"{"kinds":[1,2,3]}"##, ##"{"kinds":[1,2],"#t":["a"]}"##,
            ##"{"#t":["a"],"#e":["\##(Self.a)"],"kinds":[1]}"##,
        ] {
            #expect(Self.refusal(text, maximumValues: 3) == nil)
            #expect(Self.refusal(text, maximumValues: 2) == tooMany)
            #expect(Self.refusal(text, maximumValues: 0) == tooMany)
        }
        #expect(Self.refusal(#"{"kinds":[1,1,1]}"#, maximumValues: 2) == tooMany)
        #expect(Self.refusal(#"{"kinds":[],"limit":5}"#, maximumValues: 0) == nil)
    }
}
