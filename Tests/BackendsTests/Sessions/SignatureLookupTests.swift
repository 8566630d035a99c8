import Nostr
import Testing

@testable import Backends

@Suite struct SignatureLookupTests {
    @Test(arguments: Backend.allCases)
    func `signatures are those of the events that are stored`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<20).map { Event.sample(content: "\($0)") }
        let positions = try store.storeAll(events)
        let asked = events.map(\.id) + [.absent(0), events[3].id]
        let expected = Dictionary(uniqueKeysWithValues: events.map { ($0.id, $0.signature) })
        #expect(try store.reader.signatures(of: asked) == expected)
        #expect(try store.reader.signatures(of: []).isEmpty)
        #expect(try store.reader.signatures(of: [.absent(0)]).isEmpty)
        _ = try store.writer.remove(positions: [positions[0]])
        #expect(try store.reader.signatures(of: [events[0].id, events[1].id]) == [events[1].id: events[1].signature])
    }

    @Test(arguments: Backend.allCases)
    func `ids that share their first half have their own signatures`(backend: Backend) throws {
        let store = try TestStore(backend)
        let twins = (0..<5).map { Event.sample(content: "\($0)", id: "ffffffffffffffff") }
        try store.storeAll(Array(twins[..<4]))
        let found = try store.reader.signatures(of: twins.map(\.id))
        #expect(found == Dictionary(uniqueKeysWithValues: twins[..<4].map { ($0.id, $0.signature) }))
        #expect(Set(found.values).count == 4)
    }
}
