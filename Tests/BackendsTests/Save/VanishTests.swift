import Nostr
import Testing

@testable import Backends

/// NIP-62: a key asks for everything that it has written to be removed, up to a second.
@Suite struct VanishTests {
    private static let key = PublicKey.sample(1)
    private static let stranger = PublicKey.sample(2)

    private func request(at time: Int64 = 100, by key: PublicKey = key, _ text: String = "") -> Event {
        .sample(by: key, kind: .vanish, at: time, tags: [["relay", "ALL_RELAYS"]], content: text)
    }

    private func wrap(at time: Int64, for key: PublicKey = key, _ text: String = "") -> Event {
        .sample(by: .sample(9), kind: .giftWrap, at: time, tags: [["p", key.hex]], content: text)
    }

    @Test(arguments: Backend.allCases)
    func `all that a key has written up to then is gone, and nothing else is`(backend: Backend) throws {
        let store = try TestStore(backend)
        let gone = [
            Event.sample(by: Self.key, at: 100, content: "note"), .sample(by: Self.key, kind: 0, at: 1),
            .sample(by: Self.key, kind: 30_023, at: 50, tags: [["d", "x"], ["t", "y"]]), self.wrap(at: 100),
            .deletion(by: Self.key, at: 99, of: []), .sample(by: Self.key, at: 0, content: "old"),
        ]
        let kept = [
            Event.sample(by: Self.key, at: 101, content: "later"), self.wrap(at: 101),
            .sample(by: Self.stranger, at: 1, tags: [["p", Self.key.hex]]),
            .sample(by: Self.stranger, kind: 1_058, at: 1, tags: [["p", Self.key.hex]]),
            self.wrap(at: 1, for: Self.stranger),
        ]
        try store.storeAll(gone + kept)
        let result = try store.writer.save([self.request()])
        #expect(result.outcomes.map(\.plain) == [.stored])
        #expect(result.vanished == Vanishing(Self.key, until: 100))
        #expect(Set(result.removed.map(\.id)) == Set(gone.map(\.id)))
        #expect(result.removed.allSatisfy { $0.cause == .vanished })
        #expect(Set(try store.allIDs()) == Set((kept + [self.request()]).map(\.id)))
        #expect(try store.reader.statistics().events == kept.count + 1)
        #expect(try store.writer.purgeVanished(atMost: 10).isComplete)
    }

    @Test(arguments: Backend.allCases)
    func `what has vanished cannot come back, also after a restart, and later events may`(backend: Backend) throws {
        let store = try TestStore(backend)
        let note = Event.sample(by: Self.key, at: 100)
        try store.save(note, self.request())
        for _ in 0..<2 {
            let early = Event.sample(by: Self.key, kind: 30_023, at: 3, tags: [["d", "x"]])
            let outcomes: [SaveOutcome] = [.vanished, .vanished, .vanished, .vanished]
            #expect(try store.save(note, early, self.wrap(at: 100), .deletion(by: Self.key, at: 5)) == outcomes)
            #expect(try store.reader.standings(of: [note, early]) == [nil, nil])
            try store.reopen()
        }
        try store.storeAll([.sample(by: Self.key, at: 101), self.wrap(at: 101), .sample(by: Self.stranger, at: 1)])
    }

    @Test(arguments: Backend.allCases)
    func `a later request reaches further, and an earlier one does nothing more`(backend: Backend) throws {
        let store = try TestStore(backend)
        let requests = [self.request(), self.request(at: 200), self.request(at: 50)]
        try store.storeAll([requests[0], .sample(by: Self.key, at: 150)])
        let later = try store.writer.save([requests[1]])
        #expect(later.removed.count == 1 && later.vanished == Vanishing(Self.key, until: 200))
        let earlier = try store.writer.save([requests[2]])
        #expect(earlier.outcomes.map(\.plain) == [.stored] && earlier.removed.isEmpty && earlier.vanished.isEmpty)
        #expect(try store.save(.sample(by: Self.key, at: 200)) == [.vanished])
        #expect(Set(try store.allIDs()) == Set(requests.map(\.id)))
        #expect(try store.save(requests[1]) == [.duplicate])
    }

    @Test(arguments: Backend.allCases)
    func `a deletion request has no effect on a request to vanish, before it or after`(backend: Backend) throws {
        let store = try TestStore(backend)
        let undo = Event.deletion(by: Self.key, at: 500, of: [self.request(), self.request(at: 300)])
        try store.storeAll([self.request()])
        #expect(try store.writer.save([undo]).removed.isEmpty)
        try store.storeAll([self.request(at: 300)])
        #expect(Set(try store.allIDs()) == Set([undo, self.request(), self.request(at: 300)].map(\.id)))
        #expect(try store.save(.sample(by: Self.key, at: 300)) == [.vanished])
    }

    @Test(arguments: Backend.allCases)
    func `in one batch it takes what stands before it and bars what comes behind it`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = [
            Event.sample(by: Self.key, at: 5), self.wrap(at: 6), self.request(), .sample(by: Self.key, at: 7),
            self.wrap(at: 8), .sample(by: Self.key, at: 101),
        ]
        let result = try store.writer.save(events)
        #expect(result.outcomes.map(\.plain) == [.stored, .stored, .stored, .vanished, .vanished, .stored])
        #expect(Set(result.removed.map(\.id)) == Set(events[0...1].map(\.id)))
        #expect(Set(try store.allIDs()) == [events[2].id, events[5].id])
        try self.expectNoLeftovers(store)
    }

    @Test(arguments: Backend.allCases)
    func `a version that is left over stands in nobody's way`(backend: Backend) throws {
        let store = try TestStore(backend)
        try self.fill(store, count: 700)
        try store.storeAll([.sample(by: Self.key, kind: 10_002, at: 90), self.request()])
        let new = Event.sample(by: Self.key, kind: 10_002, at: 101)
        #expect(try store.save(.sample(by: Self.key, kind: 10_002, at: 89)) == [.vanished])
        try store.storeAll([new])
        #expect(try store.reader.ids(.sample(kinds: [10_002])) == [new.id])
        try self.purge(store)
        #expect(try store.reader.ids(.sample(kinds: [10_002])) == [new.id])
        try self.expectNoLeftovers(store)
    }

    /// Notes of the key, of which each third has a tag, and gift wraps for it.
    private func fill(_ store: TestStore, count: Int) throws {
        let notes = (0..<count).map { number in
            let tags = number.isMultiple(of: 3) ? [["t", "x"], ["p", Self.stranger.hex]] : []
            let kind: Kind = number.isMultiple(of: 2) ? 1 : 2
            return Event.sample(by: Self.key, kind: kind, at: Int64(number % 100), tags: tags, content: "\(number)")
        }
        try store.storeAll(notes)
        try store.storeAll((0..<count / 10).map { self.wrap(at: Int64($0 % 100), "\($0)") })
    }

    /// Removes all that has vanished, in slices; returns how many they were.
    @discardableResult
    private func purge(_ store: TestStore, _ between: () throws -> Void = {}) throws -> Int {
        var slices = 0
        while true {
            let slice = try store.writer.purgeVanished(atMost: 100)
            // Gift wraps come by a slice of their tag.
            #expect(slice.removed.count <= 300)
            slices += 1
            try between()
            if slice.isComplete { return slices }
            try #require(slices < 100)
        }
    }

    private func expectNoLeftovers(_ store: TestStore) throws {
        // What is in the tables, whoever may see it.
        let items = try #require(store.writer as? any StoreIntake).contents()
        #expect(try items.events == store.allIDs().count)
        #expect(items.vanished == 1)
    }

    @Test(arguments: Backend.allCases)
    func `what is too much to be removed at once is hidden at once, from every door`(backend: Backend) throws {
        let store = try TestStore(backend)
        try self.fill(store, count: 1_600)
        let others = (0..<20).map { Event.sample(by: Self.stranger, at: Int64($0), tags: [["t", "x"]]) }
        try store.storeAll(others)
        let before = try store.reader.snapshot()
        let first = try store.writer.save([self.request()])
        #expect(first.removed.count < 500)
        let shown = Set((others + [self.request()]).map(\.id))
        let filters: [Filter] = [
            Filter(), .sample(authors: [Self.key]), .sample(kinds: [1]), .sample(kinds: [.giftWrap]),
            .sample(authors: [Self.key], kinds: [1, 2]), .sample(tags: ["t": ["x"]]),
            .sample(tags: ["p": [Self.key.hex]]),
        ]
        func expectHidden() throws {
            for filter in filters { #expect(Set(try store.reader.ids(filter)).isSubset(of: shown)) }
            #expect(Set(try store.allIDs()) == shown)
            let late = try store.reader.events(after: CommitCursor(after: .empty), atMost: 5_000)
            #expect(Set(late.events.map(\.event.id)).isSubset(of: shown))
            let snapshot = try store.transfer().openSnapshot()
            defer { snapshot.close() }
            #expect(snapshot.contents == StoreContents(events: shown.count, vanished: 1))
            var items: [StoredItem] = []
            while let next = try? snapshot.next(atMost: 50), !next.isEmpty { items += next }
            #expect(items.count == shown.count + 1 && items.last == .vanished(Self.key, until: 100))
        }
        try expectHidden()
        #expect(try store.reader.statistics().events > shown.count)
        // A restart amid the work changes nothing.
        try store.reopen()
        #expect(try self.purge(store) { try expectHidden() } > 2)
        #expect(try store.reader.statistics().events == shown.count)
        try self.expectNoLeftovers(store)
        #expect(try store.reader.snapshot().ceiling >= before.ceiling)
    }

    @Test(arguments: Backend.allCases)
    func `a history that is under way goes on without what has vanished`(backend: Backend) throws {
        let store = try TestStore(backend)
        try self.fill(store, count: 1_600)
        let others = (0..<20).map { Event.sample(by: Self.stranger, at: Int64($0)) }
        try store.storeAll(others)
        let bounds = PageBounds(events: 20)
        var (page, query) = try store.reader.nextPage(of: .everything(), bounds: bounds)
        #expect(page.count == 20)
        try store.storeAll([self.request()])
        var rest: [EventID] = []
        while !page.isLast {
            (page, query) = try store.reader.nextPage(of: query, bounds: bounds)
            rest += (0..<page.count).compactMap { Event.id(ofCanonical: page.json($0)) }
            _ = try store.writer.purgeVanished(atMost: 30)
        }
        #expect(Set(rest).isSubset(of: Set(others.map(\.id))))
    }

    @Test(arguments: Backend.allCases, Backend.allCases)
    func `it is handed over to another store, and removes what that one has`(from: Backend, to: Backend) throws {
        let source = try TestStore(from)
        try source.storeAll([self.request(), .sample(by: Self.key, at: 150)])
        let snapshot = try source.transfer().openSnapshot()
        let items = try snapshot.next(atMost: 100)
        snapshot.close()
        #expect(items.contains(.vanished(Self.key, until: 100)))
        let target = try TestStore(to)
        try self.fill(target, count: 800)
        let late = Event.sample(by: Self.key, at: 120)
        try target.storeAll([late])
        let summary = try target.intake().take(items + [.event(.sample(by: Self.key, at: 2, content: "late"))])
        #expect((summary.stored, summary.tombstones, summary.vanished) == (2, 1, 1))
        #expect(try target.allIDs().count == 3)
        try self.purge(target)
        try self.expectNoLeftovers(target)
        #expect(try target.save(.sample(by: Self.key, at: 100)) == [.vanished])
        // By itself a request that is handed over does nothing: what it did is told beside it.
        let other = self.request(at: 500, by: Self.stranger)
        #expect(try target.intake().take([.event(other)]).stored == 1)
        #expect(try target.save(.sample(by: Self.stranger, at: 1)).map(\.plain) == [.stored])
    }

    @Test(arguments: Backend.allCases)
    func `one who was addressed often keeps nobody waiting`(backend: Backend) throws {
        let store = try TestStore(backend)
        let mentions = (0..<6_000).map { number in
            let tags = [["p", Self.key.hex]]
            return Event.sample(by: Self.stranger, kind: 7, at: Int64(number % 100), tags: tags, content: "\(number)")
        }
        for start in stride(from: 0, to: mentions.count, by: 1_500) {
            try store.storeAll(Array(mentions[start..<start + 1_500]))
        }
        let wraps = (0..<30).map { self.wrap(at: Int64(3 * $0)) }
        try store.storeAll(wraps + [self.request()])
        #expect(try store.reader.ids(.sample(kinds: [.giftWrap])).isEmpty)
        try self.purge(store)
        #expect(try store.reader.statistics().events == mentions.count + 1)
        try self.expectNoLeftovers(store)
    }
}
