import Nostr
import Testing

@testable import Backends

/// Single rules, each against what SQLite does with the same batch.
@Suite struct BatchJudgeTests {
    private let author = PublicKey.sample(0)
    private let note = Event.sample(content: "note")

    private func version(_ second: Int64, _ identifier: String = "x", id: String = "") -> Event {
        .sample(kind: 30_023, at: second, tags: [["d", identifier]], id: id)
    }

    private func deletion(at second: Int64, _ kind: Kind = 30_023, _ identifier: String = "x") -> Event {
        .deletion(at: second, addresses: ["\(kind):\(self.author):\(identifier)"])
    }

    @Test func `a batch of nothing changes nothing`() throws {
        let store = try JudgedStore()
        try store.save(self.note)
        let effects = try store.save([]).effects
        #expect(effects.insertedRows.isEmpty && effects.deletedRows.isEmpty && effects.changedAddresses.isEmpty)
        #expect(effects.deletedEvents.isEmpty && effects.deletedAddresses.isEmpty && effects.lastPosition == 1)
        try store.compare()
    }

    @Test func `positions follow each other, and what is not stored gets none`() throws {
        let store = try JudgedStore()
        let other = Event.sample(content: "other")
        let saved = try store.save(self.note, self.note, other, self.note)
        #expect(saved.verdicts == [.stored(position: 1), .duplicate, .stored(position: 2), .duplicate])
        #expect(saved.effects.insertedRows.map(\.index) == [0, 2])
        #expect(try store.save(other).effects.lastPosition == 2)
        try store.compare()
    }

    @Test func `what is stored is a duplicate, also where its author has deleted its address since`() throws {
        let store = try JudgedStore()
        // The request is older than the version, which so stands, and leaves a tombstone that does not reach it.
        try store.save(self.version(10), self.deletion(at: 9))
        #expect(try store.save(self.version(10), self.version(9)).verdicts == [.duplicate, .deleted])
        try store.compare()
    }

    @Test(arguments: [0, 30_023] as [Kind])
    func `the later version stays, of equal seconds the lower id`(kind: Kind) throws {
        let store = try JudgedStore()
        let low = Event.sample(kind: kind, at: 5, content: "low", id: "00")
        let high = Event.sample(kind: kind, at: 5, content: "high", id: "ff")
        let later = Event.sample(kind: kind, at: 6, content: "later", id: "ff")
        #expect(try store.save(high).verdicts == [.stored(position: 1)])
        let saved = try store.save(low, high)
        #expect(saved.verdicts == [.stored(position: 2), .superseded])
        #expect(saved.effects.deletedRows == [.init(id: high.id, position: 1, cause: .replaced)])
        #expect(saved.effects.changedAddresses.map(\.position) == [2])
        #expect(try store.save(later, low, high).verdicts == [.stored(position: 3), .superseded, .superseded])
        try store.compare()
    }

    @Test func `of versions in one batch only the last one is inserted, and all are stored`() throws {
        let store = try JudgedStore()
        try store.save(self.version(1))
        let saved = try store.save(self.version(2), self.version(3), self.version(2), self.version(4))
        #expect(
            saved.verdicts == [.stored(position: 2), .stored(position: 3), .superseded, .stored(position: 4)]
        )
        #expect(saved.effects.insertedRows == [.init(index: 3, position: 4)])
        #expect(saved.effects.deletedRows.map(\.position) == [1])
        #expect(saved.removed.map(\.position) == [1, 2, 3])
        #expect(saved.effects.changedAddresses.map(\.position) == [4])
        try store.compare()
    }

    @Test func `identifiers, kinds and authors are addresses of their own`() throws {
        let store = try JudgedStore()
        let saved = try store.save(
            self.version(1, "x"),
            self.version(1, "y"),
            .sample(kind: 30_024, at: 1, tags: [["d", "x"]]),
            .sample(by: .sample(1), kind: 30_023, at: 1, tags: [["d", "x"]])
        )
        #expect(saved.effects.insertedRows.count == 4 && saved.effects.changedAddresses.count == 4)
        try store.compare()
    }

    @Test func `a request deletes what is stored and bars what it names`() throws {
        let store = try JudgedStore()
        try store.save(self.note)
        let request = Event.deletion(of: [self.note])
        let saved = try store.save(request, self.note)
        #expect(saved.verdicts == [.stored(position: 2), .deleted])
        #expect(saved.effects.deletedRows == [.init(id: self.note.id, position: 1, cause: .deleted)])
        #expect(saved.effects.deletedEvents == [AuthoredID(id: self.note.id, pubkey: self.author)])
        #expect(try store.save(self.note).verdicts == [.deleted])
        try store.compare()
    }

    @Test func `a request beside its target in one batch leaves only the request, in either order`() throws {
        let store = try JudgedStore()
        let early = Event.sample(content: "early")
        let saved = try store.save(self.note, .deletion(of: [self.note]), .deletion(of: [early]), early)
        #expect(
            saved.verdicts == [.stored(position: 1), .stored(position: 2), .stored(position: 3), .deleted]
        )
        #expect(saved.effects.insertedRows.map(\.index) == [1, 2])
        #expect(saved.effects.deletedRows.isEmpty)
        #expect(saved.removed == [.init(id: self.note.id, position: 1, cause: .deleted)])
        try store.compare()
    }

    @Test func `a stranger's request leaves the event and a tombstone that never concerns it`() throws {
        let store = try JudgedStore()
        let stranger = Event.deletion(by: .sample(1), of: [self.note], addresses: ["0:\(self.author):"])
        let profile = Event.sample(kind: 0, at: 1)
        let saved = try store.save(stranger, self.note, profile)
        #expect(saved.verdicts.count { $0 == .deleted } == 0)
        #expect(saved.effects.deletedEvents == [AuthoredID(id: self.note.id, pubkey: .sample(1))])
        #expect(saved.effects.deletedAddresses.isEmpty)
        #expect(try store.save(.deletion(by: .sample(2), of: [self.note])).removed.isEmpty)
        try store.compare()
    }

    @Test func `a deletion of a deletion does nothing, before its target as after it`() throws {
        let store = try JudgedStore()
        let request = Event.deletion(of: [self.note])
        let before = try store.save(.deletion(at: 1, of: [request]), request)
        #expect(before.verdicts == [.stored(position: 1), .stored(position: 2)])
        let after = try store.save(.deletion(at: 2, of: [request]), request)
        #expect(after.verdicts == [.stored(position: 3), .duplicate])
        // One that is there needs no tombstone.
        #expect(after.effects.deletedEvents.isEmpty && after.removed.isEmpty)
        try store.compare()
    }

    @Test func `an address is deleted up to the second of the request, and later versions stand`() throws {
        let store = try JudgedStore()
        try store.save(self.version(10))
        #expect(try store.save(self.deletion(at: 9)).removed.isEmpty)
        let saved = try store.save(self.deletion(at: 10), self.version(10), self.version(11))
        #expect(saved.verdicts == [.stored(position: 3), .deleted, .stored(position: 4)])
        #expect(saved.effects.changedAddresses.map(\.position) == [4])
        try store.compare()
    }

    @Test func `of several requests for one address the latest counts, in one batch and in several`() throws {
        let store = try JudgedStore()
        let saved = try store.save(self.deletion(at: 20), self.deletion(at: 10), self.version(15))
        #expect(saved.verdicts[2] == .deleted)
        #expect(saved.effects.deletedAddresses.map(\.until) == [20])
        try store.save(self.deletion(at: 5))
        #expect(try store.save(self.version(20), self.version(21)).verdicts == [.deleted, .stored(position: 4)])
        try store.compare()
    }

    @Test func `a version deleted by its id takes its address along`() throws {
        let store = try JudgedStore()
        try store.save(self.version(10))
        let saved = try store.save(.deletion(of: [self.version(10)]), self.version(9))
        #expect(saved.verdicts == [.stored(position: 2), .stored(position: 3)])
        #expect(saved.effects.changedAddresses.map(\.position) == [3])
        #expect(
            try store.save(.deletion(at: 1, of: [self.version(9)])).effects.changedAddresses.map(\.position) == [nil]
        )
        try store.compare()
    }

    @Test func `an address that a batch sets and clears again is not mentioned`() throws {
        let store = try JudgedStore()
        let effects = try store.save(self.version(10), self.deletion(at: 10)).effects
        #expect(effects.changedAddresses.isEmpty && effects.insertedRows.map(\.index) == [1])
        try store.compare()
    }

    @Test func `a version comes back when the one that replaced it is deleted`() throws {
        let store = try JudgedStore()
        let (old, new) = (self.version(1), self.version(2))
        try store.save(old)
        let saved = try store.save(new, .deletion(of: [new]), old, new)
        #expect(saved.verdicts == [.stored(position: 2), .stored(position: 3), .stored(position: 4), .deleted])
        #expect(saved.effects.deletedRows == [.init(id: old.id, position: 1, cause: .replaced)])
        #expect(saved.effects.insertedRows == [.init(index: 1, position: 3), .init(index: 2, position: 4)])
        try store.compare()
    }

    @Test func `an event may be stored twice in one batch, at two positions`() throws {
        let store = try JudgedStore()
        let (old, new) = (self.version(1), self.version(2))
        let saved = try store.save(old, new, .deletion(of: [new]), old)
        #expect(saved.verdicts.count { if case .stored = $0 { true } else { false } } == 4)
        #expect(saved.removed.map(\.position) == [1, 2])
        #expect(saved.effects.insertedRows.map(\.index) == [2, 3])
        try store.compare()
    }

    @Test func `a request deletes in the order of its tags, each thing once`() throws {
        let store = try JudgedStore()
        let (first, second, profile) = (Event.sample(content: "1"), Event.sample(content: "2"), Event.sample(kind: 0))
        try store.save(first, second, profile)
        let request = Event.sample(
            kind: .deletion,
            at: profile.createdAt,
            tags: [
                ["a", "0:\(self.author):"], ["e", second.id.hex], ["e", profile.id.hex], ["e", first.id.hex],
                ["e", second.id.hex], ["a", "0:\(self.author):"],
            ]
        )
        let saved = try store.save(request)
        #expect(saved.removed.map(\.id) == [profile.id, second.id, first.id])
        #expect(saved.effects.deletedEvents.count == 3 && saved.effects.deletedAddresses.count == 1)
        try store.compare()
    }

    @Test func `events whose ids begin alike are told apart`() throws {
        let store = try JudgedStore()
        let (one, other) = (
            Event.sample(content: "1", id: "0123456789abcdef"), Event.sample(content: "2", id: "0123456789abcdef")
        )
        try store.save(one)
        #expect(try store.save(other, .deletion(of: [one])).removed.map(\.id) == [one.id])
        try store.compare()
    }
}
