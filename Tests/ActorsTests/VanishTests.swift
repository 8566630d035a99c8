import Backends
import Nostr
import Testing

@testable import Actors

@Suite("What has vanished")
struct VanishTests {
    private let vanished = Vanishing(Make.alice.publicKey, until: 100)

    private func event(by keys: KeyPair = Make.alice, _ kind: Kind = 1, at time: Int64, to key: PublicKey? = nil) throws
        -> Event
    {
        try Make.event(by: keys, kind: kind, tags: key.map { [["p", $0.hex]] } ?? [], createdAt: time)
    }

    @Test("is taken out of what waits for a history, and ephemeral events are not")
    func pending() throws {
        let alice = Make.alice.publicKey
        let gone = [try self.event(at: 100), try self.event(by: Make.bob, .giftWrap, at: 1, to: alice)]
        let kept = [
            try self.event(at: 101), try self.event(by: Make.bob, at: 1, to: alice), try self.event(.vanish, at: 100),
        ]
        var pending = PendingEvents()
        for (number, event) in (gone + kept).enumerated() {
            pending.append(event, position: CommitPosition(Int64(number)), atMost: 10, bytes: 10_000)
        }
        let ephemeral = try self.event(20_001, at: 1)
        pending.append(ephemeral, position: nil, atMost: 10, bytes: 10_000)
        pending.remove([], self.vanished)
        #expect(pending.events.map(\.event) == kept + [ephemeral])
    }

    @Test("is told to a page whether it is being read or waits")
    func removals() {
        var removals = PageRemovals()
        removals.note([1], self.vanished)
        removals.hold([1, 2])
        var later = self.vanished
        later.add(Make.alice.publicKey, until: 50)
        later.add(Make.bob.publicKey, until: 7)
        removals.note([2, 3], later)
        #expect(removals.removed == [1, 2])
        #expect(removals.vanished.keys == [Make.alice.publicKey: 100, Make.bob.publicKey: 7])
    }

    @Test("is delivered to nobody, though it was stored by the same transaction")
    func publication() throws {
        let events = [try self.event(at: 99), try self.event(.vanish, at: 100), try self.event(at: 101)]
        let outcomes = (1...3).map { SaveOutcome.stored(position: CommitPosition($0)) }
        let publication = Publication(events, SaveResult(outcomes: outcomes, vanished: self.vanished))
        #expect(publication.events.map(\.event) == Array(events[1...]))
        #expect(publication.vanished == self.vanished && publication.takesAway && !publication.isEmpty)
        #expect(Publication(events: [], vanished: self.vanished).isEmpty == false)
    }

    @Test("is asked for by a request that names the relay, whatever else may be published")
    func policy() throws {
        var limits = Limits()
        limits.events.ageSeconds = 10
        limits.events.allowedKinds = [1...1]
        limits.events.proofOfWorkBits = 60
        var access = AccessRules()
        access.relay = RelayURL("wss://relay.test")
        access.write = .members
        let policy = Policy(limits: limits, access: access)
        func prefix(_ tags: [[String]], at time: Int64 = 1_000, _ policy: Policy) throws -> Refusal.Prefix? {
            let event = try Make.event(kind: .vanish, tags: tags, createdAt: time)
            return policy.refusal(of: event, now: 1_000_000)?.prefix
        }
        #expect(try prefix([["relay", "ws://relay.test/"]], policy) == nil)
        #expect(try prefix([["relay", "ALL_RELAYS"]], policy) == nil)
        #expect(try prefix([["relay", "wss://other.test"]], policy) == .blocked)
        #expect(try prefix([], policy) == .invalid)
        // One in the future would bar what has yet to be written.
        #expect(try prefix([["relay", "ALL_RELAYS"]], at: 1_001_000, policy) == .invalid)
        let nameless = Policy(limits: limits)
        #expect(try prefix([["relay", "ALL_RELAYS"]], nameless) == nil)
        let request = try Make.event(kind: .vanish, tags: [["relay", "ALL_RELAYS"]])
        #expect(access.refusal(of: request, by: [], Members(), now: 0) == nil)
        #expect(access.refusal(of: try Make.event(), by: [], Members(), now: 0) != nil)
        #expect(try prefix([["relay", "wss://relay.test"]], nameless) == .blocked)
    }
}
