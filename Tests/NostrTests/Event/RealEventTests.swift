import Foundation
import Testing

@testable import Nostr

/// The thousands of real events of the shared data.
@Suite(.needsRealEvents) struct RealEventTests {
    private static func object(_ json: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    }

    @Test func `every real event parses and carries its author's signature over its id`() throws {
        #expect(RealEvents.lines.count == 12_361)
        for line in RealEvents.lines {
            let fault = Event.fault(in: String(decoding: line, as: UTF8.self))
            #expect(fault == nil, "\(String(decoding: line, as: UTF8.self))")
        }
        #expect(RealEvents.events.count == RealEvents.lines.count)
        #expect(RealEvents.events.filter { !$0.hasValidSignature }.isEmpty)
        #expect(Set(RealEvents.events.map(\.id)).count == RealEvents.lines.count)
    }

    @Test func `a real event's canonical form is the one that a second writer gives`() throws {
        for (line, event) in zip(RealEvents.lines, RealEvents.events) {
            let expected = ReferenceText.event(try Self.object(line))
            try #require(event.text == expected)
        }
    }

    @Test func `a real event is read back from its canonical form as it was`() throws {
        for event in RealEvents.events {
            let stored = try #require(Event(canonical: event.json))
            try #require(stored == event && stored.id == event.id && stored.signature == event.signature)
            try #require(stored.tagsRange == event.tagsRange && stored.contentRange == event.contentRange)
            try #require(stored.indexedTags.map(\.key) == event.indexedTags.map(\.key))
            let id = Event.id(ofCanonical: event.json.span)
            let signature = Event.signature(ofCanonical: event.json.span)
            try #require(id == event.id && signature == event.signature)
        }
    }

    @Test func `a real event written anew by Foundation parses to the same canonical form`() throws {
        for event in RealEvents.events {
            let object = try Self.object(event.json)
            let bytes = [UInt8](try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted]))
            let parsed = try? Event(parsing: bytes.span)
            try #require(parsed == event, "\(event.text)")
        }
    }

    @Test(arguments: [20_260_201] as [UInt64])
    func `a real event with other escapes, white space and order parses to the same canonical form`(
        seed: UInt64
    ) throws {
        var scrambler = JSONScrambler(seed: seed)
        // One event in three, as each of them is written scalar by scalar.
        for event in RealEvents.events where event.id.bytes.prefix.isMultiple(of: 3) {
            let text = scrambler.write(try Self.object(event.json))
            let bytes = Array(text.utf8)
            let parsed = try? Event(parsing: bytes.span)
            try #require(parsed == event, "\(text)")
        }
    }

    @Test func `what is asked of a real event is what Foundation finds in it`() throws {
        for event in RealEvents.events {
            let object = try Self.object(event.json)
            let tags = try #require(object["tags"] as? [[String]])
            let content = try #require(object["content"] as? String)
            try #require(event.tags == tags && event.tagCount == tags.count)
            try #require(event.content == content)
            try #require(event.contentCharacters == content.unicodeScalars.count)
            try #require(event.contentBytes == ReferenceText.quoted(content).utf8.count - 2)
            let indexed = tags.filter { tag in
                tag.count > 1 && tag[0].utf8.count == 1 && tag[0].allSatisfy { $0.isLetter }
            }
            let found = event.indexedTags.map { tag in
                [String(Unicode.Scalar(tag.letter)), CanonicalText.decode(event.canonicalValue(of: tag))]
            }
            try #require(found == indexed.map { Array($0.prefix(2)) })
            let identifier = tags.first { $0[0] == "d" }.flatMap { $0.count > 1 ? $0[1] : nil } ?? ""
            let canonical = event.canonicalIdentifier
            try #require(CanonicalText.decode(canonical.span) == identifier)
            let longest = tags.joined().map { ReferenceText.quoted($0).utf8.count - 2 }.max() ?? 0
            try #require(event.longestTagElementBytes == longest)
        }
    }
}
