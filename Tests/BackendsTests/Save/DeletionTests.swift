import Nostr
import Testing

@testable import Backends

/// NIP-09, by `e` tags.
@Suite struct DeletionTests {
    private let note = Event.sample(content: "note")

    @Test(arguments: Backend.allCases)
    func `an author deletes what it wrote, and the request is kept and served`(backend: Backend) throws {
        let store = try TestStore(backend)
        let row = try store.storeAll([self.note])[0]
        let request = Event.deletion(of: [self.note])
        let result = try store.writer.save([request])
        #expect(result.outcomes.map(\.plain) == [.stored])
        #expect(result.removed == [RemovedEvent(id: self.note.id, row: row, cause: .deleted)])
        #expect(try store.allIDs() == [request.id])
        #expect(try store.reader.ids(.sample(kinds: [5], tags: ["e": [self.note.id.hex]])) == [request.id])
        #expect(try store.save(request) == [.duplicate])
    }

    @Test(arguments: Backend.allCases)
    func `what was deleted cannot come back, also after a restart`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.save(self.note, .deletion(of: [self.note]))
        #expect(try store.save(self.note) == [.deleted])
        try store.reopen()
        #expect(try store.save(self.note, self.note) == [.deleted, .deleted])
        #expect(try store.reader.ids(.sample(ids: [self.note.id])).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `what is deleted before it arrives is refused when it does`(backend: Backend) throws {
        let store = try TestStore(backend)
        let request = Event.deletion(of: [self.note])
        #expect(try store.writer.save([request]).removed.isEmpty)
        #expect(try store.save(self.note) == [.deleted])
        let batch = Event.sample(content: "batch")
        #expect(try store.save(.deletion(of: [batch]), batch).map(\.plain) == [.stored, .deleted])
        #expect(try store.reader.ids(.sample(kinds: [1])).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `the time of a request by id makes no difference`(backend: Backend) throws {
        let store = try TestStore(backend)
        let late = Event.sample(at: 100, content: "late")
        try store.save(late, .deletion(at: 1, of: [late]))
        #expect(try store.save(late) == [.deleted])
    }

    @Test(arguments: Backend.allCases)
    func `nobody deletes what another wrote, before or after it arrives`(backend: Backend) throws {
        let store = try TestStore(backend)
        let stranger = Event.deletion(by: .sample(1), of: [self.note])
        let early = Event.sample(content: "early")
        try store.save(self.note, stranger, .deletion(by: .sample(1), at: 5, of: [early]))
        #expect(try store.save(early).map(\.plain) == [.stored])
        #expect(Set(try store.reader.ids(.sample(kinds: [1]))) == [self.note.id, early.id])
        #expect(try store.writer.save([.deletion(of: [self.note, early])]).removed.count == 2)
        #expect(try store.save(self.note, early) == [.deleted, .deleted])
    }

    @Test(arguments: Backend.allCases)
    func `a deletion of a deletion does nothing, before its target as after it`(backend: Backend) throws {
        let request = Event.deletion(at: 10, of: [self.note])
        let undo = Event.deletion(at: 20, of: [request])
        let after = try TestStore(backend)
        try after.storeAll([self.note, request, undo])
        #expect(Set(try after.allIDs()) == [request.id, undo.id])
        #expect(try after.save(self.note) == [.deleted])
        let before = try TestStore(backend)
        try before.storeAll([undo, self.note, request])
        #expect(Set(try before.allIDs()) == [request.id, undo.id])
        #expect(try before.save(self.note, request) == [.deleted, .duplicate])
    }

    @Test(arguments: Backend.allCases)
    func `a request that names itself, nothing, or nonsense is stored and does nothing`(backend: Backend) throws {
        let store = try TestStore(backend)
        let id = self.note.id.hex
        try store.save(self.note)
        let nonsense = [
            ["e"], ["e", ""], ["e", String(id.dropLast())], ["e", id.uppercased()], ["e", id + " "], ["E", id],
            ["p", id], ["x", "e", id], ["a", id], ["a", "1:\(self.note.pubkey):"], ["a", "::"], ["k", "1"],
        ]
        try store.storeAll([.deletion(at: 1), .sample(kind: .deletion, at: 2, tags: nonsense)])
        #expect(try store.reader.ids(.sample(kinds: [1])) == [self.note.id])
        try store.storeAll([.sample(content: "after")])
    }

    @Test(arguments: Backend.allCases)
    func `one request deletes many, each once, and no other`(backend: Backend) throws {
        let store = try TestStore(backend)
        let notes = (0..<50).map { Event.sample(content: "\($0)") }
        let positions = try store.storeAll(notes)
        let targets = notes[10..<40].flatMap { [$0, $0] } + [.sample(by: .sample(1), content: "absent")]
        let removed = try store.writer.save([.deletion(of: targets)]).removed
        #expect(removed.map(\.id) == notes[10..<40].map(\.id))
        #expect(removed.map(\.row) == Array(positions[10..<40]))
        #expect(Set(try store.reader.ids(.sample(kinds: [1]))) == Set((notes[..<10] + notes[40...]).map(\.id)))
    }

    @Test(arguments: Backend.allCases)
    func `a version that was deleted by id makes way for an older one`(backend: Backend) throws {
        let store = try TestStore(backend)
        let new = Event.sample(kind: 0, at: 20)
        let old = Event.sample(kind: 0, at: 10)
        try store.save(new, .deletion(at: 30, of: [new]))
        #expect(try store.save(new, old).map(\.plain) == [.deleted, .stored])
        #expect(try store.reader.ids(.sample(kinds: [0])) == [old.id])
    }

    @Test(arguments: Backend.allCases)
    func `a request of which the operator removed the event still stands`(backend: Backend) throws {
        let store = try TestStore(backend)
        let request = Event.deletion(of: [self.note])
        let positions = try store.storeAll([self.note, request])
        #expect(try store.writer.remove(positions: [positions[1]]) == 1)
        #expect(try store.save(self.note) == [.deleted])
        #expect(try store.save(request).map(\.plain) == [.stored])
    }
}
