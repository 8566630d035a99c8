import Nostr
import Testing

@testable import Peers

@Suite("The agenda of a comparison")
struct SyncAgendaTests {
    @Test("is one window of all time, until it is finished")
    func isOneWindow() {
        var agenda = SyncAgenda(since: nil, until: nil)
        #expect(agenda.next == SyncWindow(since: 0, until: nil))
        agenda.finish(upTo: nil)
        #expect(agenda.next == nil)
        #expect(SyncAgenda(since: 5, until: 4).next == nil)
        #expect(SyncAgenda(since: 5, until: 5).next == SyncWindow(since: 5, until: 5))
    }

    @Test("goes on after a window that was finished in part")
    func finishesInPart() {
        var agenda = SyncAgenda(since: 10, until: 100)
        agenda.finish(upTo: 40)
        #expect(agenda.next == SyncWindow(since: 41, until: 100))
        agenda.finish(upTo: 100)
        #expect(agenda.next == nil)
    }

    @Test("splits a window in the middle of our events, or of its time, and leaves no second out")
    func splits() {
        var agenda = SyncAgenda(since: 0, until: nil)
        expect(agenda.split(middle: 700, now: 1_000))
        #expect(agenda.next == SyncWindow(since: 0, until: 699))
        expect(agenda.split(middle: nil, now: 1_000))
        #expect(agenda.next == SyncWindow(since: 0, until: 349))
        agenda.finish(upTo: 349)
        #expect(agenda.next == SyncWindow(since: 350, until: 699))
        agenda.finish(upTo: 699)
        #expect(agenda.next == SyncWindow(since: 700, until: nil))
        expect(agenda.split(middle: 700, now: 1_000))
        #expect(agenda.next == SyncWindow(since: 700, until: 849))
    }

    @Test("cannot split one second, and gets there in few steps")
    func endsAtOneSecond() {
        var agenda = SyncAgenda(since: nil, until: nil)
        var steps = 0
        while agenda.split(middle: nil, now: 1_700_000_000) { steps += 1 }
        #expect(agenda.next == SyncWindow(since: 0, until: 0))
        #expect(steps < 40)
    }

    @Test("covers what lies in the future")
    func coversFuture() {
        var agenda = SyncAgenda(since: 2_000, until: nil)
        expect(agenda.split(middle: nil, now: 1_000))
        #expect(agenda.next == SyncWindow(since: 2_000, until: 2_000 + 86_399))
    }
}

@Suite("What a comparison has found")
struct DifferencesTests {
    private let ids = notes(at: [1, 2, 3]).map(\.id)

    @Test("holds each id once, on the side that was told first")
    func holdsOnce() throws {
        var found = Differences()
        try found.add(have: [self.ids[0]], need: [self.ids[1], self.ids[1]])
        try found.add(have: [self.ids[1]], need: [self.ids[2], self.ids[0]])
        #expect(found.have == [self.ids[0]])
        #expect(found.need == [self.ids[1], self.ids[2]])
    }

    @Test("does not listen for ever to what is nothing new, nor take any number of ids")
    func isBounded() throws {
        var found = Differences()
        #expect(throws: PeerFailure.self) {
            for _ in 0..<2_000 { try found.add(have: [], need: [self.ids[0]]) }
        }
        var small = Differences(maximumIDs: 2)
        #expect(throws: PeerFailure.self) { try small.add(have: [], need: self.ids) }
    }
}
