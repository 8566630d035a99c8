import Actors
import Nostr
import Testing

@Suite("The policy")
struct PolicyTests {
    private let now: Int64 = 1_700_000_000

    private func policy(_ change: (inout Limits) -> Void = { _ in }) -> Policy {
        var limits = Limits()
        change(&limits)
        return Policy(limits: limits)
    }

    @Test("takes an ordinary event")
    func takesOrdinary() throws {
        #expect(self.policy().refusal(of: try Make.event(), now: self.now) == nil)
    }

    @Test("counts a content in characters, at exactly the limit")
    func contentLimit() throws {
        let policy = self.policy { $0.events.contentCharacters = 5 }
        #expect(policy.refusal(of: try Make.event(content: "äöü\n€"), now: self.now) == nil)
        #expect(policy.refusal(of: try Make.event(content: "äöü\n€!"), now: self.now)?.prefix == .invalid)
    }

    @Test("counts tags, and bytes of a tag's values, at exactly the limit")
    func tagLimits() throws {
        let policy = self.policy {
            $0.events.tags = 2
            $0.events.tagElementBytes = 4
        }
        #expect(policy.refusal(of: try Make.event(tags: [["t", "abcd"], ["t"]]), now: self.now) == nil)
        #expect(policy.refusal(of: try Make.event(tags: [["t", "abcde"]]), now: self.now)?.prefix == .invalid)
        #expect(policy.refusal(of: try Make.event(tags: [["t"], ["t"], ["t"]]), now: self.now)?.prefix == .invalid)
    }

    @Test("counts an event's bytes at exactly the limit")
    func sizeLimit() throws {
        let event = try Make.event(content: "hello")
        let exact = self.policy { $0.events.bytes = event.json.count }
        let tight = self.policy { $0.events.bytes = event.json.count - 1 }
        #expect(exact.refusal(of: event, now: self.now) == nil)
        #expect(tight.refusal(of: event, now: self.now)?.prefix == .invalid)
    }

    @Test("holds the window of created_at at both ends")
    func timeWindow() throws {
        let policy = self.policy {
            $0.events.futureSeconds = 10
            $0.events.ageSeconds = 100
        }
        for (offset, isTaken) in [(10, true), (11, false), (-100, true), (-101, false)] as [(Int64, Bool)] {
            let event = try Make.event(createdAt: self.now + offset)
            #expect((policy.refusal(of: event, now: self.now) == nil) == isTaken, "\(offset)")
        }
        #expect(policy.refusal(of: try Make.event(createdAt: .max), now: self.now)?.prefix == .invalid)
    }

    @Test("gives gift wraps, and nothing else, two days more, as line 54 of the checklist asks")
    func giftWrapGrace() throws {
        let policy = self.policy { $0.events.ageSeconds = 100 }
        let old = self.now - 100 - 2 * 86_400
        #expect(policy.refusal(of: try Make.event(kind: .giftWrap, createdAt: old), now: self.now) == nil)
        #expect(policy.refusal(of: try Make.event(kind: .giftWrap, createdAt: old - 1), now: self.now) != nil)
        for kind in [1, 13, 1_060] as [Kind] {
            #expect(policy.refusal(of: try Make.event(kind: kind, createdAt: old), now: self.now) != nil)
        }
    }

    @Test("refuses what has expired, but not what is never stored anyway")
    func expiry() throws {
        let tag = ["expiration", "\(self.now)"]
        let policy = self.policy()
        #expect(policy.refusal(of: try Make.event(tags: [tag]), now: self.now)?.prefix == .invalid)
        #expect(policy.refusal(of: try Make.event(tags: [tag]), now: self.now - 1) == nil)
        #expect(policy.refusal(of: try Make.event(kind: 20_001, tags: [tag]), now: self.now) == nil)
    }

    @Test("takes the kinds that are allowed and not denied")
    func kinds() throws {
        let policy = self.policy {
            $0.events.allowedKinds = [0...10]
            $0.events.deniedKinds = [7...7]
        }
        #expect(policy.refusal(of: try Make.event(kind: 1), now: self.now) == nil)
        #expect(policy.refusal(of: try Make.event(kind: 7), now: self.now)?.prefix == .blocked)
        #expect(policy.refusal(of: try Make.event(kind: 11), now: self.now)?.prefix == .blocked)
    }

    @Test("says how much proof of work is missing")
    func work() throws {
        let policy = self.policy { $0.events.proofOfWorkBits = 200 }
        let event = try Make.event()
        let refusal = policy.refusal(of: event, now: self.now)
        #expect(refusal?.description == "pow: 200 bits needed, got \(event.id.leadingZeroBits)")
    }

    @Test("takes no AUTH event and no repost of a protected one")
    func neverTaken() throws {
        #expect(self.policy().refusal(of: try Make.event(kind: 22_242), now: self.now)?.prefix == .invalid)
        let protected = try Make.event(tags: [["-"]])
        let content = String(decoding: protected.json, as: UTF8.self)
        #expect(self.policy().refusal(of: try Make.event(kind: 6, content: content), now: self.now)?.prefix == .blocked)
        let looksAlike = try Make.event(tags: [["-", "x"], ["t", "[\"-\"]"]], content: "[\"-\"]")
        #expect(self.policy().refusal(of: looksAlike, now: self.now) == nil)
        #expect(!looksAlike.isProtected)
    }
}
