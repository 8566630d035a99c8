import Nostr
import Testing

@testable import Backends

/// NIP-59: who a gift wrap is addressed to may delete it, for the key that signed it is used once.
@Suite struct GiftWrapTests {
    private static let recipient = PublicKey.sample(1)
    private let wrap = Event.sample(by: .sample(7), kind: .giftWrap, tags: [["p", recipient.hex], ["p"], ["p", "x"]])

    private func request(by author: PublicKey = recipient, at time: Int64 = 9) -> Event {
        .deletion(by: author, at: time, of: [self.wrap])
    }

    @Test(arguments: Backend.allCases)
    func `its recipient deletes a gift wrap, whatever the time of the request`(backend: Backend) throws {
        let store = try TestStore(backend)
        let row = try store.storeAll([self.wrap])[0]
        let result = try store.writer.save([self.request(at: 1)])
        #expect(result.outcomes.map(\.plain) == [.stored])
        #expect(result.removed == [RemovedEvent(id: self.wrap.id, row: row, cause: .deleted)])
        #expect(try store.reader.ids(.sample(kinds: [.giftWrap])).isEmpty)
        #expect(try store.save(self.wrap) == [.deleted])
        try store.reopen()
        #expect(try store.save(self.wrap) == [.deleted])
    }

    @Test(arguments: Backend.allCases)
    func `a gift wrap that its recipient deleted is refused when it arrives`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(self.request())
        #expect(try store.save(self.wrap) == [.deleted])
        let batched = Event.sample(kind: .giftWrap, tags: [["p", Self.recipient.hex]], content: "batched")
        let request = Event.deletion(by: Self.recipient, of: [batched])
        #expect(try store.save(request, batched).map(\.plain) == [.stored, .deleted])
    }

    @Test(arguments: Backend.allCases)
    func `a gift wrap and its deletion in one batch leave the deletion`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(self.wrap, self.request())
        #expect(try store.allIDs() == [self.request().id])
    }

    @Test(arguments: Backend.allCases)
    func `a stranger deletes no gift wrap, before or after it arrives`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(self.request(by: .sample(2)))
        #expect(try store.save(self.wrap).map(\.plain) == [.stored])
        try store.save(self.request(by: .sample(3)))
        #expect(try store.reader.ids(.sample(kinds: [.giftWrap])) == [self.wrap.id])
    }

    @Test(arguments: Backend.allCases)
    func `the key that signed it may delete it too`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(self.wrap, self.request(by: .sample(7)))
        #expect(try store.save(self.wrap) == [.deleted])
    }

    @Test(arguments: Backend.allCases)
    func `of any other kind a p tag gives nobody a right`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = [1, 4, 13, 1_058, 1_060].map { Event.sample(kind: $0, tags: [["p", Self.recipient.hex]]) }
        try store.storeAll(events)
        #expect(try store.writer.save([.deletion(by: Self.recipient, of: events)]).removed.isEmpty)
        #expect(try store.save(events[0]) == [.duplicate])
    }

    @Test(arguments: Backend.allCases)
    func `each of several recipients may delete it`(backend: Backend) throws {
        let store = try TestStore(backend)
        for number in 0..<3 {
            let tags = (0..<3).map { ["p", PublicKey.sample($0).hex] }
            let wrap = Event.sample(by: .sample(7), kind: .giftWrap, tags: tags, content: "\(number)")
            try store.save(wrap, .deletion(by: .sample(number), of: [wrap]))
            #expect(try store.save(wrap) == [.deleted])
        }
    }

    @Test(arguments: Backend.allCases)
    func `another store's tombstone of its recipient removes it and bars it`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([self.wrap])
        let stranger = StoredItem.deletedEvent(self.wrap.id, by: .sample(2))
        #expect(try store.intake().take([stranger]).removed == 0)
        let tombstone = StoredItem.deletedEvent(self.wrap.id, by: Self.recipient)
        #expect(try store.intake().take([tombstone]).removed == 1)
        #expect(try store.intake().take([.event(self.wrap)]).deleted == 1)
    }

    @Test(.needsPostgres) func `saved at once by two nodes, a gift wrap and its deletion leave the deletion`() throws {
        let fixture = try PostgresFixture()
        let nodes = [try fixture.node(), try fixture.node()]
        let rounds = (0..<40).map { round in
            let recipient = PublicKey.sample(round)
            let wrap = Event.sample(by: .sample(100 + round), kind: .giftWrap, tags: [["p", recipient.hex]])
            return [wrap, Event.deletion(by: recipient, of: [wrap])]
        }
        let outcomes = try Threads.run(2) { number, meet in
            let writer = try nodes[number].openWriter()
            defer { writer.close() }
            return try rounds.map { round in
                meet()
                return try writer.save([round[number]]).outcomes
            }
        }
        #expect(outcomes[1].allSatisfy { $0.map(\.plain) == [.stored] })
        #expect(outcomes[0].allSatisfy { $0.map(\.plain) == [.stored] || $0.map(\.plain) == [.deleted] })
        #expect(try fixture.value("SELECT count(*) FROM event WHERE kind = 1059") == "0")
    }
}
