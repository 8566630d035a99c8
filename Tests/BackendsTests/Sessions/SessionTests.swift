import Nostr
import Testing

@testable import Backends

@Suite struct SessionTests {
    @Test(arguments: Backend.allCases)
    func `a reader sees a batch as soon as it is committed, and all readers see the same`(backend: Backend) throws {
        let store = try TestStore(backend)
        let another = try store.store.openReader()
        for number in 0..<5 {
            let event = Event.sample(at: Int64(number))
            try store.storeAll([event])
            #expect(try store.allIDs().first == event.id)
            #expect(try another.ids(answering: .everything()) == store.allIDs())
            #expect(try another.statistics().events == number + 1)
        }
    }

    @Test(arguments: Backend.allCases)
    func `everything is there after a restart`(backend: Backend) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: 20_261_601)
        _ = try store.writer.save((0..<200).map { _ in random.event() })
        let before = try store.reader.pages(of: .everything()).flatMap(\.events)
        let tags = try store.reader.ids(.sample(tags: ["t": RandomEvents.values]))
        try store.reopen()
        #expect(try store.reader.pages(of: .everything()).flatMap(\.events) == before)
        #expect(try store.reader.ids(.sample(tags: ["t": RandomEvents.values])) == tags)
        #expect(!tags.isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `a reader that knew nothing of an author finds what it writes later`(backend: Backend) throws {
        let store = try TestStore(backend)
        let filter = Filter.sample(authors: [.sample(4)])
        #expect(try store.reader.ids(filter).isEmpty)
        let event = Event.sample(by: .sample(4))
        try store.storeAll([event])
        #expect(try store.reader.ids(filter) == [event.id])
        let other = Event.sample(by: .sample(4), kind: 7, at: 1)
        try store.storeAll([other])
        #expect(try store.reader.ids(filter) == [event.id, other.id])
    }

    @Test(arguments: Backend.allCases)
    func `a snapshot has every commit up to now, whether its events are stored still or not`(backend: Backend) throws {
        let store = try TestStore(backend)
        let empty = try store.reader.snapshot()
        let stored = try store.commitAll([.sample(content: "a"), .sample(content: "b")])
        let isKnown = { (snapshot: Snapshot) in stored.allSatisfy { snapshot.includes($0.transaction) } }
        #expect(stored.allSatisfy { !empty.includes($0.transaction) })
        #expect(isKnown(try store.reader.snapshot()))
        _ = try store.writer.remove(positions: stored.map(\.row))
        #expect(isKnown(try store.reader.snapshot()))
        try store.reopen()
        #expect(isKnown(try store.reader.snapshot()))
    }

    @Test(arguments: Backend.allCases)
    func `statistics count events and bytes`(backend: Backend) throws {
        let store = try TestStore(backend)
        let empty = try store.reader.statistics()
        #expect(empty.events == 0)
        let text = String(repeating: "x", count: 10_000)
        let positions = try store.storeAll((0..<100).map { .sample(content: "\($0)\(text)") })
        let full = try store.reader.statistics()
        #expect(full.events == 100 && full.bytes > empty.bytes + 1_000_000)
        _ = try store.writer.remove(positions: Array(positions[..<40]))
        #expect(try store.reader.statistics().events == 60)
    }

    @Test func `a URL names its backend, and an unknown one is refused`() throws {
        for url in ["", "sqlite", "sqlite:", "mysql://x", "SQLITE:x", "/data/x.db"] {
            #expect(throws: StorageError.unknownBackend(url)) {
                try StoreURL.store(url, pageCacheBytes: 0, readers: 1)
            }
        }
        #expect(throws: Never.self) { try StoreURL.store("sqlite:x", pageCacheBytes: 0, readers: 4) }
    }
}
