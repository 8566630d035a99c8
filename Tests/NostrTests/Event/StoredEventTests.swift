import Testing

@testable import Nostr

/// Canonical JSON as it comes back from the disk.
@Suite struct StoredEventTests {
    private static func sample() throws -> Event {
        try Event.sample(kind: 30_023, tags: [["d", "é\"\n"], ["e", "x", "y"], ["t"]], content: "a\\b\u{1}😀")
    }

    @Test func `canonical JSON reads as the event that it was written from`() throws {
        let event = try Self.sample()
        let stored = try #require(Event(canonical: event.json))
        #expect(stored == event)
        #expect(stored.tags == event.tags)
        #expect(stored.content == event.content)
        #expect(stored.address == event.address)
        #expect(stored.indexedTags.map(\.range) == event.indexedTags.map(\.range))
    }

    @Test func `every truncation is damage`() throws {
        let json = try Self.sample().json
        for count in 0..<json.count { #expect(Event(canonical: Array(json[..<count])) == nil) }
    }

    @Test func `white space between tags, missing fields and wrong types are damage`() throws {
        let text = try Self.sample().text
        #expect(Event(canonical: Array(text.replacing("],[", with: "], [").utf8)) == nil)
        #expect(Event(canonical: Array(text.replacing(#""kind":30023"#, with: #""kind":"x""#).utf8)) == nil)
        #expect(Event(canonical: Array(text.replacing(#""kind":30023,"#, with: "").utf8)) == nil)
        #expect(Event(canonical: Array((text + "x").utf8)) == nil)
    }

    @Test func `id, signature and time are found in canonical JSON without reading it all`() throws {
        let event = try Self.sample()
        let id = Event.id(ofCanonical: event.json.span)
        let signature = Event.signature(ofCanonical: event.json.span)
        let createdAt = Event.createdAt(ofCanonical: event.json.span)
        #expect(id == event.id)
        #expect(signature == event.signature)
        #expect(createdAt == event.createdAt)
    }

    @Test func `id and signature of any damaged text are nil or something, and never a trap`() throws {
        let json = try Self.sample().json
        for count in 0...json.count {
            let head = Array(json[..<count])
            let tail = Array(json[(json.count - count)...])
            let id = Event.id(ofCanonical: head.span)
            let signature = Event.signature(ofCanonical: tail.span)
            #expect((id != nil) == (count > 71))
            #expect((signature != nil) == (count > 130))
        }
    }

    @Test(arguments: [20_260_204, 20_260_205] as [UInt64])
    func `whatever reads as stored can be asked anything`(seed: UInt64) throws {
        let texts = [try Self.sample().text, try Event.sample(tags: [["d"], ["e", "x"]], content: "x").text]
        // Between these two stands what a client is free to write.
        let (start, end) = (#""tags":"#, #","sig":"#)
        let halves = texts[0].split(separator: start)
        let parts = texts.compactMap { $0.split(separator: start).last?.split(separator: end).first }
        let tail = try #require(texts[0].split(separator: end).last)
        var mutator = Mutator(seed: seed, corpus: parts.map { Array($0.utf8) })
        var events = 0
        for _ in 0..<20_000 {
            let json = Array("\(halves[0])\(start)".utf8) + mutator.next() + Array("\(end)\(tail)".utf8)
            guard let event = Event(canonical: json) else { continue }
            events += 1
            event.askEverything()
        }
        #expect(events > 1_000)
    }
}
