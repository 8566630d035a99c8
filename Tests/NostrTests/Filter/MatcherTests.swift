import Foundation
import TestSupport
import Testing

@testable import Nostr

@Suite struct MatcherTests {
    private static func matches(_ filter: String, _ event: Event) throws -> Bool {
        Matcher(try Filter(parsing: filter)).matches(event)
    }

    @Test func `all fields must hold, and in each list one value`() throws {
        let event = try Event.sample(kind: 7, createdAt: 100, tags: [["t", "x"], ["t", "y"], ["d", "z"]])
        let author = EventText.pubkey
        let other = String(repeating: "0", count: 64)
        #expect(try Self.matches("{}", event))
        #expect(
            try Self.matches(#"{"ids":["\#(other)","\#(event.id)"],"authors":["\#(author)"],"kinds":[1,7]}"#, event)
        )
        #expect(try Self.matches(##"{"#t":["q","y"],"#d":["z"],"kinds":[7],"since":100,"until":100}"##, event))
        #expect(try !Self.matches(#"{"ids":["\#(other)"],"authors":["\#(author)"]}"#, event))
        #expect(try !Self.matches(#"{"authors":["\#(other)"]}"#, event))
        #expect(try !Self.matches(#"{"kinds":[1,6,8]}"#, event))
        #expect(try !Self.matches(##"{"#t":["x"],"#d":["x"]}"##, event))
        #expect(try !Self.matches(##"{"#t":["x"],"#q":["x"]}"##, event))
    }

    @Test func `an event of thousands of tags is matched by any of them`() throws {
        let tags = (0..<3_000).map { ["t", "value \($0 / 2)"] } + [["p", EventText.pubkey]]
        let event = try Event.sample(tags: tags)
        let lookup = try #require(TagLookup(event))
        #expect(lookup.keys.count == 1_501)
        for (filter, expected) in [
            (##"{"#t":["value 0"]}"##, true), (##"{"#t":["x","value 1499"],"#p":["\##(EventText.pubkey)"]}"##, true),
            (##"{"#t":["value 1500"]}"##, false), (##"{"#T":["value 0"]}"##, false),
        ] {
            #expect(try Matcher(Filter(parsing: filter)).matches(event, lookup) == expected, "\(filter)")
            #expect(try Self.matches(filter, event) == expected, "\(filter)")
        }
        #expect(TagLookup(try Event.sample(tags: Array(tags.prefix(10)))) == nil)
    }

    @Test func `only the second element of a tag is matched, byte by byte and case by case`() throws {
        let event = try Event.sample(tags: [
            ["t", "one", "two"], ["T", "three"], ["t"], ["r", "é"], ["x", "\"\n\u{1}/"],
        ])
        #expect(try Self.matches(##"{"#t":["one"]}"##, event))
        #expect(try !Self.matches(##"{"#t":["two"]}"##, event))
        #expect(try !Self.matches(##"{"#t":["three"]}"##, event))
        #expect(try Self.matches(##"{"#T":["three"]}"##, event))
        #expect(try !Self.matches(##"{"#t":[""]}"##, event))
        #expect(try !Self.matches(##"{"#t":["One"]}"##, event))
        #expect(try Self.matches(##"{"#r":["\u00e9"]}"##, event))
        #expect(try !Self.matches(##"{"#r":["e\u0301"]}"##, event))
        #expect(try Self.matches(##"{"#x":["\u0022\u000A\u0001\/"]}"##, event))
    }

    @Test(arguments: [20_260_301, 20_260_302, 20_260_303] as [UInt64])
    func `random filters match the random events that an independent matcher says they match`(seed: UInt64) throws {
        var random = RandomFilters(seed: seed)
        let events = try (0..<150).map { _ in try random.event() }
        let objects = try events.map { try RandomFilters.object($0.json) }
        var matches = 0
        for _ in 0..<200 {
            let text = try random.filter(for: events)
            let reference = ReferenceMatcher(filter: try RandomFilters.object(Array(text.utf8)))
            let matcher = Matcher(try Filter(parsing: text))
            for (event, object) in zip(events, objects) {
                let expected = reference.matches(object)
                try #require(matcher.matches(event) == expected, "\(text) \(event.text)")
                try #require(matcher.matches(event, TagLookup(anyOf: event)) == expected, "\(text) \(event.text)")
                matches += expected ? 1 : 0
            }
        }
        #expect((1_000..<29_000).contains(matches), "the samples must both match and not match")
    }
}

/// Events and filters of few values, so that they often meet.
private struct RandomFilters {
    private static let letters = ["e", "p", "t", "d", "T", "r", "emoji", "", "1"]
    private static let values = ["", "x", "X", "é", "e\u{301}", "a\"b", "\\", "\n", "\u{1}", "/", "😀", "x y"]
    private static let hex = ["a", "b", "c"].map { String(repeating: $0, count: 64) }

    private var generator: SplitMix64

    init(seed: UInt64) { self.generator = SplitMix64(seed: seed) }

    static func object(_ json: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    }

    private mutating func value(of letter: String) -> String {
        self.generator.pick(letter == "e" || letter == "p" ? Self.hex : Self.values)
    }

    private mutating func some<Value>(_ upTo: Int, _ make: (inout Self) -> Value) -> [Value] {
        (0..<self.generator.below(upTo + 1)).map { _ in make(&self) }
    }

    mutating func event() throws -> Event {
        let tags = self.some(5) { random in
            let letter = random.generator.pick(Self.letters)
            return [letter] + random.some(2) { $0.value(of: letter) }
        }
        let rows = tags.map { "[" + $0.map(ReferenceText.quoted).joined(separator: ",") + "]" }
        var text = EventText(
            kind: self.generator.pick([0, 1, 7, 65_535]),
            createdAt: 100 + self.generator.below(8),
            tags: "[\(rows.joined(separator: ","))]",
            content: "\"\(self.generator.below(1_000))\""
        )
        text["pubkey"] = "\"\(self.generator.pick(Self.hex))\""
        text.seal()
        return try text.parsed()
    }

    mutating func filter(for events: [Event]) throws -> String {
        var filter: [String: Any] = [:]
        if self.generator.once(in: 5) { filter["ids"] = self.some(40) { $0.generator.pick(events).id.hex } }
        if self.generator.once(in: 3) { filter["authors"] = self.some(3) { $0.generator.pick(Self.hex) } }
        if self.generator.once(in: 3) { filter["kinds"] = self.some(4) { $0.generator.pick([0, 1, 2, 7, 65_535]) } }
        if self.generator.once(in: 3) { filter["since"] = 98 + self.generator.below(10) }
        if self.generator.once(in: 3) { filter["until"] = 100 + self.generator.below(10) }
        if self.generator.once(in: 4) { filter["limit"] = self.generator.below(5) }
        for letter in ["e", "p", "t", "d", "T", "r"] where self.generator.once(in: 6) {
            filter["#\(letter)"] = self.some(4) { $0.value(of: letter) }
        }
        let data = try JSONSerialization.data(withJSONObject: filter, options: [.sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }
}
