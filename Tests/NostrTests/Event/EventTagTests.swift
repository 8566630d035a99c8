import TestSupport
import Testing

@testable import Nostr

/// Tags are non-empty arrays of strings (NIP-01).
@Suite struct EventTagTests {
    private static func fault(_ tags: String) -> String? { EventText(tags: tags).fault?.text }

    @Test(arguments: [
        "null", "5", "true", #""""#, "{}", #"{"0":["t"]}"#, "[[]]", #"[["a"],[]]"#, #"[[],["a"]]"#, "[null]", "[5]",
        #"["t"]"#,
        #"["t","x"]"#, "[{}]", "[[null]]", #"[["e",null]]"#, #"[["e","x",5]]"#, #"[["e",1.5]]"#, #"[["e",true]]"#,
        #"[["e",["x"]]]"#, #"[["e",{}]]"#, #"[[[]]]"#, #"[["e"],null]"#, "[[[[[[[[]]]]]]]]",
    ])
    func `anything but an array of non-empty arrays of strings is refused`(_ tags: String) {
        let text = EventText(tags: tags)
        let expected = "tags are not an array of non-empty arrays of strings"
        #expect(text.fault == EventError(claimedID: Array(text.id.utf8), text: expected))
    }

    @Test(arguments: [
        "[", "[[", #"[["a]]"#, #"[["a",]]"#, #"[["a"],]"#, #"[["a""b"]]"#, #"[["a"]["b"]]"#, #"[["\x"]]"#, "[[nul]]",
    ])
    func `tags that are no JSON make the whole text no JSON`(_ tags: String) {
        let fault = EventText(tags: tags).fault
        #expect(fault != nil && fault?.claimedID == nil)
    }

    @Test(arguments: [
        "[]", #"[["t"]]"#, #"[["","",""]]"#, #"[["e","x"],["e","x"]]"#, #"[["-"]]"#, #"[["a]","[b","c,","\"]"]]"#,
    ])
    func `compact tags stand in the canonical form as they came`(_ tags: String) throws {
        #expect(try EventText(tags: tags).parsed().text.contains(#""tags":\#(tags),"content""#))
    }

    @Test(arguments: [
        ("[ ]", "[]"), (#"[ [ "t" , "a b" ] ]"#, #"[["t","a b"]]"#), ("[[\"t\"\n]\t,\r[\"u\"]]", #"[["t"],["u"]]"#),
        (#"[["t","\u00e9\/\u0041"]]"#, #"[["t","é/A"]]"#), (#"[["\u0074","x"]]"#, #"[["t","x"]]"#),
        (#"[["t","\u005C\u0022\u000a"]]"#, #"[["t","\\\"\n"]]"#), (#"[["t","\ud83d\ude00 , ]"]]"#, #"[["t","😀 , ]"]]"#),
        (#"[["t","\u001F"]]"#, #"[["t","\u001f"]]"#), (#"[["t","x" ]]"#, #"[["t","x"]]"#),
    ])
    func `white space and needless escapes in tags are taken out`(_ written: String, _ canonical: String) throws {
        let expected = EventText(tags: canonical)
        #expect(try expected.with("tags", written).parsed().text == expected.json)
    }

    @Test func `a tag of one element and a tag of 1,443 elements are tags`() throws {
        let long = (0..<1_443).map { "element \($0)" }
        let event = try Event.sample(tags: [["t"], ["p"] + long, ["e", "x"]])
        #expect(event.tagCount == 3)
        #expect(event.tags == [["t"], ["p"] + long, ["e", "x"]])
        #expect(event.indexedTags.map(\.letter) == Array("pe".utf8))
        #expect(event.values(ofTag: "p") == ["element 0"])
    }

    @Test func `1,443 tags are tags`() throws {
        let tags = (0..<1_443).map { ["e", "\($0)"] }
        let event = try Event.sample(tags: tags)
        #expect(event.tagCount == 1_443)
        #expect(event.tags == tags)
        #expect(event.values(ofTag: "e").count == 1_443)
    }

    @Test func `only tags with a name of one ASCII letter and a value are indexed, by the second element`() throws {
        let event = try Event.sample(tags: [
            ["e", "1", "not this"], ["E", "2"], ["z", ""], ["Z", "\"\\\n"], ["a"], ["", "x"], ["1", "x"], ["-", "x"],
            ["é", "x"],
            ["ee", "x"], ["\\", "x"], ["\"", "x"], ["@", "x"], ["[", "x"], ["`", "x"], ["{", "x"], ["e ", "x"],
            ["e", "3"],
        ])
        #expect(event.indexedTags.map(\.letter) == Array("eEzZe".utf8))
        let values = event.indexedTags.map { CanonicalText.decode(event.canonicalValue(of: $0)) }
        #expect(values == ["1", "2", "", "\"\\\n", "3"])
        #expect(event.values(ofTag: "e") == ["1", "3"])
        #expect(event.values(ofTag: "E") == ["2"])
        #expect(event.values(ofTag: "é") == [])
    }

    @Test func `a tag's key follows from its letter and its value`() throws {
        let one = try Event.sample(tags: [["e", "x"], ["E", "x"], ["e", "y"]]).indexedTags.map(\.key)
        let two = try Event.sample(tags: [["e", "x"], ["e", "x", "z"]], content: "other").indexedTags.map(\.key)
        #expect(Set(one).count == 3)
        #expect(two == [one[0], one[0]])
    }

    @Test func `the value of a tag is that of the first of its name, or none where that has none`() throws {
        let event = try Event.sample(tags: [
            ["relay", "one"], ["relay", "two"], ["bare"], ["bare", "x"], ["challenge", ""],
        ])
        #expect(event.firstValue(ofTag: "relay") == "one")
        #expect(event.firstValue(ofTag: "bare") == nil)
        #expect(event.firstValue(ofTag: "challenge") == "")
        #expect(event.firstValue(ofTag: "missing") == nil)
    }

    @Test func `the longest element is measured in bytes as written`() throws {
        #expect(try Event.sample().longestTagElementBytes == 0)
        #expect(try Event.sample(tags: [["t", "abc"], ["name", "é"]]).longestTagElementBytes == 4)
        #expect(try Event.sample(tags: [["t", "\u{1}\n"]]).longestTagElementBytes == 8)
    }

    @Test(arguments: [20_260_202] as [UInt64])
    func `random tags are read as they were written`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let tags = (0..<generator.below(6)).map { _ in
                (0..<1 + generator.below(4)).map { _ in
                    generator.once(in: 3) ? generator.pick(["d", "e", "p"]) : generator.string(upTo: 6)
                }
            }
            let event = try Event.sample(tags: tags)
            try #require(event.tags.map { $0.map { Array($0.utf8) } } == tags.map { $0.map { Array($0.utf8) } })
            let identifier = tags.first { $0[0] == "d" }.map { $0.count > 1 ? $0[1] : "" } ?? ""
            let canonical = event.canonicalIdentifier
            try #require(CanonicalText.decode(canonical.span).utf8.elementsEqual(identifier.utf8), "\(tags)")
        }
    }
}
