import Actors
import Nostr
import Testing

@Suite struct AccessRulesTests {
    private let alice = KeyPair.random()
    private let bob = KeyPair.random()
    private static let now: Int64 = 1_700_000_000

    private func event(by keys: KeyPair, kind: Kind = 1, tags: [[String]] = []) throws -> Event {
        try #require(Event.signed(by: keys, kind: kind, tags: tags, createdAt: Self.now))
    }

    private func rules(_ change: (inout AccessRules) -> Void) -> AccessRules {
        var rules = AccessRules()
        rules.relay = RelayURL("ws://relay.test")
        change(&rules)
        return rules
    }

    private func prefix(
        _ rules: AccessRules,
        _ event: Event,
        by keys: Set<PublicKey>,
        members: [PublicKey] = [],
        now: Int64 = AccessRulesTests.now
    ) -> Refusal.Prefix? {
        var list = Members()
        for key in members { list.set(.init(account: key), of: key) }
        return rules.refusal(of: event, by: keys, list, now: now)?.prefix
    }

    @Test func `everyone may publish where nothing is said`() throws {
        #expect(try self.prefix(AccessRules(), self.event(by: self.alice), by: []) == nil)
    }

    @Test func `before a proof the answer is auth-required, after it restricted`() throws {
        let rules = self.rules { $0.write = .members }
        let (alice, bob) = (self.alice.publicKey, self.bob.publicKey)
        let event = try self.event(by: self.alice)
        #expect(self.prefix(rules, event, by: [], members: [alice]) == .authRequired)
        #expect(self.prefix(rules, event, by: [alice], members: [alice]) == nil)
        #expect(self.prefix(rules, event, by: [alice], members: [bob]) == .restricted)
        #expect(self.prefix(rules, event, by: [bob], members: [bob]) == .restricted)
        #expect(self.prefix(rules, event, by: [bob, alice], members: [alice]) == nil)
        let authenticated = self.rules { $0.write = .authenticated }
        #expect(self.prefix(authenticated, event, by: []) == .authRequired)
        #expect(self.prefix(authenticated, event, by: [bob]) == nil)
    }

    @Test func `keys of one account publish for each other`() throws {
        let rules = self.rules { $0.write = .members }
        let (alice, bob) = (self.alice.publicKey, self.bob.publicKey)
        var members = Members()
        members.set(.init(account: alice), of: alice)
        members.set(.init(account: alice), of: bob)
        let event = try self.event(by: self.bob)
        #expect(rules.refusal(of: event, by: [alice], members, now: Self.now) == nil)
    }

    @Test func `a membership ends at its second`() throws {
        let rules = self.rules {
            $0.write = .members
            $0.read = .members
        }
        let key = self.alice.publicKey
        var members = Members()
        members.set(.init(account: key, until: Self.now + 10), of: key)
        let event = try self.event(by: self.alice)
        #expect(rules.refusal(of: event, by: [key], members, now: Self.now + 9) == nil)
        #expect(rules.refusal(of: event, by: [key], members, now: Self.now + 10)?.prefix == .restricted)
        #expect(rules.admits([key], members, now: Self.now + 9))
        #expect(!rules.admits([key], members, now: Self.now + 10))
        #expect(members.keys(at: Self.now) == [key])
        #expect(members.keys(at: Self.now + 10) == [])
    }

    @Test func `without proofs the author alone decides`() throws {
        let rules = self.rules {
            $0.write = .members
            $0.requiresAuthentication = false
            $0.relay = nil
        }
        let event = try self.event(by: self.alice)
        #expect(self.prefix(rules, event, by: [], members: [self.alice.publicKey]) == nil)
        #expect(self.prefix(rules, event, by: [], members: [self.bob.publicKey]) == .restricted)
    }

    @Test func `open kinds are anyone's, and wraps go by who hands them in`() throws {
        let rules = self.rules {
            $0.write = .members
            $0.openKinds = [10_002...10_002]
        }
        let bob = self.bob.publicKey
        #expect(try self.prefix(rules, self.event(by: self.alice, kind: 10_002), by: []) == nil)
        #expect(try self.prefix(rules, self.event(by: self.alice, kind: 10_003), by: []) == .authRequired)
        let wrap = try self.event(by: .random(), kind: 1_059, tags: [["p", self.alice.publicKey.hex]])
        #expect(self.prefix(rules, wrap, by: [bob], members: [bob]) == nil)
        #expect(self.prefix(rules, wrap, by: [bob]) == .restricted)
    }

    @Test func `line 85: a protected event is its author's to publish`() throws {
        let event = try self.event(by: self.alice, tags: [["-"]])
        let rules = self.rules { _ in }
        #expect(self.prefix(rules, event, by: []) == .authRequired)
        #expect(self.prefix(rules, event, by: [self.bob.publicKey]) == .restricted)
        #expect(self.prefix(rules, event, by: [self.alice.publicKey]) == nil)
        #expect(self.prefix(AccessRules(), event, by: []) == .blocked)
    }

    @Test func `readers are told before a proof and after it`() {
        let rules = self.rules { $0.read = .members }
        let filters = [Filter()]
        let stranger = Readership(privateKinds: [4], isAdmitted: false)
        #expect(rules.refusal(ofReading: filters, by: stranger)?.prefix == .authRequired)
        let known = Readership(privateKinds: [4], keys: [self.bob.publicKey], isAdmitted: false)
        #expect(rules.refusal(ofReading: filters, by: known)?.prefix == .restricted)
        let member = Readership(privateKinds: [4], keys: [self.bob.publicKey])
        #expect(rules.refusal(ofReading: filters, by: member) == nil)
    }

    @Test func `line 66: anyone may ask to join and to leave, where that is offered`() throws {
        let rules = self.rules {
            $0.write = .members
            $0.hasMembershipDesk = true
        }
        let alice = self.alice.publicKey
        for kind in [Kind.joinRequest, .leaveRequest] {
            #expect(try self.prefix(rules, self.event(by: self.alice, kind: kind), by: []) == nil)
            // A protected one is its author's to hand in (NIP-70).
            let protected = try self.event(by: self.alice, kind: kind, tags: [["-"]])
            #expect(self.prefix(rules, protected, by: []) == .authRequired)
            #expect(self.prefix(rules, protected, by: [self.bob.publicKey]) == .restricted)
            #expect(self.prefix(rules, protected, by: [alice]) == nil)
            let closed = self.rules { $0.write = .members }
            #expect(try self.prefix(closed, self.event(by: self.alice, kind: kind), by: []) == .authRequired)
        }
    }

    @Test func `line 67: nobody but the relay makes invitations`() throws {
        let invitation = try self.event(by: self.alice, kind: .invitation)
        #expect(self.prefix(self.rules { $0.hasMembershipDesk = true }, invitation, by: []) == .blocked)
        #expect(self.prefix(AccessRules(), invitation, by: []) == nil)
    }
}
