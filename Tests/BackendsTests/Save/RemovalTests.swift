import Nostr
import TestSupport
import Testing

@testable import Backends

@Suite struct RemovalTests {
    @Test(arguments: Backend.allCases)
    func `removal by position counts what was there and leaves nothing in any index`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<5).map { Event.sample(at: Int64($0), tags: [["t", "x"], ["t", "y"], ["t", "x"]]) }
        let positions = try store.storeAll(events)
        #expect(try store.writer.remove(positions: [positions[1], positions[3], 99, 0, -1, positions[1]]) == 2)
        let rest = [events[4].id, events[2].id, events[0].id]
        #expect(try store.allIDs() == rest)
        #expect(try store.reader.ids(.sample(tags: ["t": ["x", "y"]])) == rest)
        #expect(try store.reader.ids(.sample(ids: events.map(\.id))) == rest)
        #expect(try store.reader.ids(.sample(authors: [.sample(0)])) == rest)
        #expect(try store.reader.ids(.sample(kinds: [1])) == rest)
        #expect(try store.reader.statistics().events == 3)
        #expect(try store.writer.remove(positions: positions) == 3)
        #expect(try store.writer.remove(positions: positions) == 0)
    }

    @Test(arguments: Backend.allCases)
    func `what the operator removed may be stored again`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(tags: [["t", "x"]])
        let article = Event.sample(kind: 30_023, tags: [["d", "x"]])
        let positions = try store.storeAll([event, article])
        #expect(try store.writer.remove(positions: positions) == 2)
        #expect(try Set(store.storeAll([event, article])).isDisjoint(with: positions))
        #expect(Set(try store.allIDs()) == [event.id, article.id])
    }

    @Test(arguments: Backend.allCases, [20_260_821, 20_260_822] as [UInt64])
    func `after any saves and removals every index holds what is stored and no more`(
        backend: Backend,
        seed: UInt64
    ) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        var stored: [(event: Event, position: Int64)] = []
        for _ in 0..<12 {
            let batch = (0..<30).map { _ in random.event() }
            let result = try store.writer.save(batch)
            stored += zip(batch, result.outcomes).compactMap { event, outcome in outcome.position.map { (event, $0) } }
            stored.removeAll { row in result.removed.contains { $0.row == row.position } }
            let victims = Set((0..<8).map { _ in random.generator.pick(stored).position })
            #expect(try store.writer.remove(positions: Array(victims)) == victims.count)
            stored.removeAll { victims.contains($0.position) }
        }
        let model = QueryModel(stored.map(\.event))
        var filters: [Filter] = [Filter(), .sample(ids: stored.map(\.event.id))]
        filters += RandomEvents.kinds.map { .sample(kinds: [$0]) }
        filters += RandomEvents.authors.map { .sample(authors: [$0]) }
        for letter in RandomEvents.letters {
            let values = RandomEvents.values + RandomEvents.references + RandomEvents.authors.map(\.hex)
            filters.append(.sample(tags: [letter: values + [RandomEvents.longValue]]))
        }
        for filter in filters { #expect(try store.reader.ids(filter) == model.answer([filter]), "seed \(seed)") }
        #expect(try store.writer.remove(positions: stored.map(\.position)) == stored.count)
        for filter in filters { #expect(try store.reader.ids(filter).isEmpty, "seed \(seed)") }
    }
}
