import Nostr
import Testing

@testable import Backends

@Suite struct SaveOutcomeTests {
    @Test(arguments: Backend.allCases)
    func `a new event is stored and comes back byte for byte`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(tags: [["t", "é\"\n\0"], ["alt"]], content: "\u{1}\\😀/")
        let outcomes = try store.save(event)
        let row = try #require(outcomes.first?.position)
        #expect(outcomes.count == 1)
        let pages = try store.reader.pages(of: .everything())
        #expect(pages.flatMap(\.events).map(\.json) == [event.json])
        #expect(pages.flatMap(\.positions) == [row])
    }

    @Test(arguments: Backend.allCases)
    func `an event that is stored already is a duplicate, in the next batch as in the same`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(content: "a")
        let other = Event.sample(content: "b")
        #expect(try store.save(event, event, other, event).map(\.plain) == [.stored, .duplicate, .stored, .duplicate])
        #expect(try store.save(other, event) == [.duplicate, .duplicate])
        #expect(Set(try store.allIDs()) == [event.id, other.id])
        #expect(try store.reader.statistics().events == 2)
    }

    @Test(arguments: Backend.allCases)
    func `of two copies with different signatures the first one stays`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(content: "a")
        var json = event.json
        json[json.count - 3] = json[json.count - 3] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        let copy = try #require(Event(canonical: json))
        try #require(copy.id == event.id && copy.signature != event.signature)
        #expect(try store.save(event, copy).map(\.plain) == [.stored, .duplicate])
        #expect(try store.save(copy) == [.duplicate])
        #expect(try store.reader.pages(of: .everything()).flatMap(\.events) == [event])
    }

    @Test(arguments: Backend.allCases)
    func `outcomes stand in the order of the batch`(backend: Backend) throws {
        let store = try TestStore(backend)
        let old = Event.sample(kind: 0, at: 10)
        let new = Event.sample(kind: 0, at: 20)
        let note = Event.sample(at: 5, content: "note")
        let outcomes = try store.save(note, new, old, note, .deletion(at: 30, of: [note]), note)
        #expect(outcomes.map(\.plain) == [.stored, .stored, .superseded, .duplicate, .stored, .deleted])
    }

    @Test(arguments: Backend.allCases)
    func `an empty batch is no fault`(backend: Backend) throws {
        let store = try TestStore(backend)
        let result = try store.writer.save([])
        #expect(result.outcomes.isEmpty && result.removed.isEmpty)
        #expect(try store.writer.remove(positions: []) == 0)
        #expect(try store.save(.sample()).map(\.plain) == [.stored])
    }

    @Test(arguments: Backend.allCases)
    func `ids that share their first half are different events`(backend: Backend) throws {
        let store = try TestStore(backend)
        let twins = (0..<4).map { Event.sample(content: "\($0)", id: "0123456789abcdef") }
        #expect(try store.save(twins[0], twins[1], twins[0]).map(\.plain) == [.stored, .stored, .duplicate])
        #expect(try store.save(twins[1], twins[2]).map(\.plain) == [.duplicate, .stored])
        #expect(try store.save(.deletion(of: [twins[3], twins[1]])).map(\.plain) == [.stored])
        #expect(try store.save(twins[3], twins[1], twins[2]).map(\.plain) == [.deleted, .deleted, .duplicate])
        #expect(try store.reader.ids(.sample(ids: twins.map(\.id))) == [twins[0].id, twins[2].id].sorted())
    }

    @Test(arguments: Backend.allCases)
    func `events at both ends of time are stored and found`(backend: Backend) throws {
        let store = try TestStore(backend)
        let first = Event.sample(at: 0, content: "first")
        let last = Event.sample(at: .max, content: "last")
        try store.storeAll([first, last])
        #expect(try store.allIDs() == [last.id, first.id])
        #expect(try store.reader.ids(.sample(since: .max)) == [last.id])
        #expect(try store.reader.ids(.sample(until: 0)) == [first.id])
        #expect(try store.reader.ids(.sample(kinds: [1], since: 0, until: .max)) == [last.id, first.id])
    }
}
