import Nostr
import Testing

@testable import Backends

@Suite struct DirectionTests {
    @Test(arguments: Backend.allCases, [20_261_101, 20_261_102] as [UInt64])
    func `oldest first is the exact reverse of newest first`(backend: Backend, seed: UInt64) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        let events = (0..<500).map { _ in random.event() }
        _ = try store.writer.save(events)
        var filters = RandomFilters(seed: seed, for: events)
        for number in 0..<300 {
            var filter = filters.filter()
            filter.limit = nil
            let forward = try store.reader.ids(answering: .of([filter]))
            let backward = try store.reader.ids(
                answering: .of([filter], direction: .oldestFirst),
                bounds: PageBounds(events: 40)
            )
            try #require(backward == forward.reversed(), "seed \(seed), filter \(number): \(filter)")
        }
    }

    @Test(arguments: Backend.allCases)
    func `a limit counts from the side that is read first`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<10).map { Event.sample(at: Int64($0)) }
        try store.storeAll(events)
        let filters: [Filter] = [.sample(limit: 3)]
        #expect(try store.reader.ids(answering: .of(filters)) == events.reversed().prefix(3).map(\.id))
        #expect(
            try store.reader.ids(answering: .of(filters, direction: .oldestFirst)) == events.prefix(3).map(\.id)
        )
    }
}
