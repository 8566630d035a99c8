import Nostr
import TestSupport
import Testing

@testable import Backends

/// Sessions that write to one store, as the relay and a command beside it do.
@Suite struct ForeignEventTests {
    @Test(arguments: Backend.allCases)
    func `what another session saved is handed over once, in commit order`(backend: Backend) throws {
        let store = try TestStore(backend)
        let other = try store.store.openWriter()
        #expect(try store.writer.takeForeignEvents(atMost: 10).isEmpty)
        let events = (0..<5).map { Event.sample(content: "\($0)") }
        _ = try other.save(Array(events[..<3]))
        _ = try other.save(Array(events[3...]))
        let taken = try store.writer.takeForeignEvents(atMost: 10)
        #expect(taken.map(\.event) == events)
        #expect(taken.map(\.position.row) == [1, 2, 3, 4, 5])
        #expect(try store.writer.takeForeignEvents(atMost: 10).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `what the session saved itself, and what was there before it, is not foreign`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([.sample(content: "a")])
        #expect(try store.writer.takeForeignEvents(atMost: 10).isEmpty)
        let late = try store.store.openWriter()
        #expect(try late.takeForeignEvents(atMost: 10).isEmpty)
        try store.storeAll([.sample(content: "b")])
        #expect(try store.writer.takeForeignEvents(atMost: 10).isEmpty)
        #expect(try late.takeForeignEvents(atMost: 10).map(\.position.row) == [2])
        try store.reopen()
        #expect(try store.writer.takeForeignEvents(atMost: 10).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `foreign events come in slices, and none for nothing`(backend: Backend) throws {
        let store = try TestStore(backend)
        let other = try store.store.openWriter()
        _ = try other.save((0..<7).map { .sample(content: "\($0)") })
        #expect(try store.writer.takeForeignEvents(atMost: 0).isEmpty)
        try store.storeAll([.sample(content: "own")])
        _ = try other.save((7..<10).map { .sample(content: "\($0)") })
        let slices = try [3, 3, 3, 3, 3].map { try store.writer.takeForeignEvents(atMost: $0).map(\.position.row) }
        #expect(slices == [[1, 2, 3], [4, 5, 6], [7, 9, 10], [11], []])
    }

    @Test(arguments: Backend.allCases)
    func `foreign events that are gone again are left out`(backend: Backend) throws {
        let store = try TestStore(backend)
        let other = try store.store.openWriter()
        let notes = (0..<4).map { Event.sample(content: "\($0)") }
        _ = try other.save(notes + [.sample(kind: 0, at: 1), .sample(kind: 0, at: 2), .deletion(of: [notes[1]])])
        _ = try other.remove(positions: [3])
        #expect(try store.writer.remove(positions: [1]) == 1)
        #expect(try store.writer.takeForeignEvents(atMost: 3).map(\.position.row) == [4, 6, 7])
        #expect(try store.writer.takeForeignEvents(atMost: 3).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `the rules hold across sessions`(backend: Backend) throws {
        let store = try TestStore(backend)
        let other = try store.store.openWriter()
        let note = Event.sample(content: "note")
        #expect(try other.save([note]).outcomes == [.stored(position: 1)])
        #expect(try store.save(note) == [.duplicate])
        #expect(try store.save(.sample(kind: 0, at: 2)) == [.stored(position: 2)])
        #expect(
            try other.save([.sample(kind: 0, at: 1), .sample(kind: 0, at: 3)]).outcomes == [
                .superseded, .stored(position: 3),
            ]
        )
        #expect(try store.writer.save([.deletion(of: [note])]).removed.map(\.row) == [1])
        #expect(try other.save([note]).outcomes == [.deleted])
        #expect(try other.save([.sample(by: .sample(7))]).outcomes == [.stored(position: 5)])
        #expect(try store.save(.sample(by: .sample(7), content: "b")) == [.stored(position: 6)])
        #expect(try store.reader.ids(.sample(authors: [.sample(7)])).count == 2)
    }

    @Test(arguments: Backend.allCases, [20_261_501, 20_261_502, 20_261_503] as [UInt64])
    func `however sessions take turns, each gets what the others saved and no more`(
        backend: Backend,
        seed: UInt64
    ) throws {
        let store = try TestStore(backend)
        let sessions = [store.writer, try store.store.openWriter(), try store.store.openWriter()]
        var random = SplitMix64(seed: seed)
        var saved: [[Int64]] = [[], [], []]
        var taken: [[Int64]] = [[], [], []]
        for step in 0..<300 {
            let turn = random.below(3)
            if random.once(in: 2) {
                let batch = (0..<1 + random.below(4)).map {
                    Event.sample(by: .sample(random.below(4)), content: "\(step) \($0)")
                }
                saved[turn] += try sessions[turn].save(batch).outcomes.compactMap(\.position)
            } else {
                taken[turn] += try sessions[turn].takeForeignEvents(atMost: random.below(6)).map(\.position.row)
            }
        }
        for turn in sessions.indices {
            taken[turn] += try sessions[turn].takeForeignEvents(atMost: 10_000).map(\.position.row)
            let foreign = saved.indices.filter { $0 != turn }.flatMap { saved[$0] }.sorted()
            #expect(taken[turn] == foreign, "seed \(seed)")
        }
        #expect(saved.flatMap(\.self).sorted() == (1...Int64(saved.flatMap(\.self).count)).map(\.self))
    }

    @Test(arguments: Backend.allCases)
    func `changes by others are noticed once, removals too, and own ones are none`(backend: Backend) throws {
        let store = try TestStore(backend)
        let other = try store.store.openWriter()
        _ = try store.writer.hasForeignChanges()
        try store.storeAll([.sample(content: "own")])
        #expect(try !store.writer.hasForeignChanges())
        _ = try other.remove(positions: [1])
        #expect(try store.writer.hasForeignChanges())
        #expect(try !store.writer.hasForeignChanges())
        _ = try other.save([.sample(content: "theirs")])
        _ = try store.writer.takeForeignEvents(atMost: 10)
        #expect(try store.writer.hasForeignChanges())
        #expect(try !store.writer.hasForeignChanges())
    }

    @Test(arguments: Backend.allCases)
    func `large foreign events come a few at a time`(backend: Backend) throws {
        let store = try TestStore(backend)
        let other = try store.store.openWriter()
        let text = String(repeating: "x", count: 400_000)
        _ = try other.save((0..<7).map { .sample(content: "\($0)\(text)") })
        let slices = try (0..<4).map { _ in try store.writer.takeForeignEvents(atMost: 500).map(\.position.row) }
        #expect(slices == [[1, 2, 3], [4, 5, 6], [7], []])
    }
}
