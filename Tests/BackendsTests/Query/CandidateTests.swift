import Nostr
import Testing

@testable import Backends

/// What a hash brought up is compared with the event itself.
@Suite struct CandidateTests {
    private static func holds(_ event: Event, _ letter: Character, _ value: String) -> Bool {
        let canonical = Filter.canonical(value)
        return event.json.span.holdsTag(letter: letter.asciiValue ?? 0, value: canonical.span)
    }

    @Test func `a tag is held by letter and whole value`() {
        let event = Event.sample(tags: [["t", "abc", "more"], ["p", "x"], ["t", ""], ["emoji", "y"], ["r"]])
        #expect(Self.holds(event, "t", "abc"))
        #expect(Self.holds(event, "t", ""))
        #expect(Self.holds(event, "p", "x"))
        for value in ["ab", "abcd", "bc", "more", "ABC", "abc\"", "abc\",\"more"] {
            #expect(!Self.holds(event, "t", value), "\(value)")
        }
        #expect(!Self.holds(event, "p", "abc"))
        #expect(!Self.holds(event, "T", "abc"))
        #expect(!Self.holds(event, "i", "y"))
        #expect(!Self.holds(event, "r", ""))
    }

    @Test func `a value that ends in a backslash or a quote is not taken for a longer one`() {
        let event = Event.sample(tags: [["t", "a\\"], ["t", "b\""], ["t", "c\\\"d"]])
        #expect(Self.holds(event, "t", "a\\"))
        #expect(Self.holds(event, "t", "b\""))
        #expect(Self.holds(event, "t", "c\\\"d"))
        #expect(!Self.holds(event, "t", "a"))
        #expect(!Self.holds(event, "t", "b"))
        #expect(!Self.holds(event, "t", "c\\"))
        #expect(!Self.holds(event, "t", "c"))
    }

    @Test func `no other place of an event passes for a tag`() {
        let event = Event.sample(
            tags: [["alt", #"["t","x"]"#], ["["], ["t"], ["x["], [",", "t", "x"]],
            content: #"[["t","x"],["t","x"#
        )
        for value in ["x", "", "]", "x["] { #expect(!Self.holds(event, "t", value)) }
        #expect(!Self.holds(.sample(content: "["), "s", "ig"))
    }

    @Test(arguments: [20_261_201, 20_261_202] as [UInt64])
    func `an event holds exactly the tags that it was made with`(seed: UInt64) {
        var random = RandomEvents(seed: seed)
        for _ in 0..<60 {
            let event = random.event()
            for letter in RandomEvents.letters {
                for value in RandomEvents.values + [RandomEvents.longValue] {
                    let expected = event.tags.contains { tag in
                        tag.count > 1 && tag[0] == String(letter) && tag[1].utf8.elementsEqual(value.utf8)
                    }
                    #expect(Self.holds(event, letter, value) == expected, "seed \(seed) \(letter) \(value)")
                }
            }
        }
    }

    @Test func `texts shorter than a tag hold none`() {
        let json = Array(##"["t","x"##.utf8)
        for count in 0...json.count {
            let head = Array(json[..<count])
            let value = Array("x".utf8)
            let isHeld = head.span.holdsTag(letter: UInt8(ascii: "t"), value: value.span)
            #expect(!isHeld)
        }
    }
}
