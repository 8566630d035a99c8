import Nostr
import Testing

@testable import Backends

/// Sessions on threads of their own, all at once.
@Suite struct ConcurrencyTests {
    @Test(arguments: Backend.allCases)
    func `sessions that open a new store at the same time all succeed`(backend: Backend) async throws {
        for _ in 0..<5 {
            let folder = try TemporaryFolder()
            let store = try backend.store(in: folder.url)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<4 {
                    group.addTask { @concurrent in
                        let writer = try store.openWriter()
                        return try writer.save([.sample(content: "\(number)")]).outcomes.count
                    }
                }
                let count = try await group.reduce(0, +)
                #expect(count == 4)
            }
            #expect(try store.openReader().statistics().events == 4)
        }
    }

    @Test(arguments: Backend.allCases)
    func `readers see whole batches while two sessions write`(backend: Backend) async throws {
        let folder = try TemporaryFolder()
        let store = try backend.store(in: folder.url)
        _ = try store.openWriter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for author in 0..<2 {
                group.addTask { @concurrent in
                    let writer = try store.openWriter()
                    for batch in 0..<40 {
                        let events = (0..<5).map { number in
                            Event.sample(by: .sample(author), at: Int64(batch), content: "\(number)")
                        }
                        let outcomes = try writer.save(events).outcomes
                        #expect(outcomes.allSatisfy { $0.isStored })
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask { @concurrent in
                    let reader = try store.openReader()
                    var count = 0
                    while count < 400 {
                        let ids = try reader.ids(answering: .everything(), bounds: PageBounds(events: 13))
                        #expect(ids.count.isMultiple(of: 5) && ids.count >= count && Set(ids).count == ids.count)
                        count = ids.count
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
