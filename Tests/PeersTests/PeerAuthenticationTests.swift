import Nostr
import Testing

@testable import Peers

@Suite("Authentication with another relay")
struct PeerAuthenticationTests {
    private let keys = KeyPair.random()

    @Test("answers a challenge with an event of kind 22242 that names the relay, and waits for its OK")
    func answers() throws {
        var state = PeerAuthentication(keys: self.keys, url: "wss://relay.example.com/")
        #expect(state.awaitsChallenge)
        let answer = state.challenged("abc", now: 1_000)
        let event = try #require(answer)
        #expect(event.kind == .authentication)
        #expect(event.createdAt == 1_000)
        #expect(event.tags == [["relay", "wss://relay.example.com/"], ["challenge", "abc"]])
        #expect(event.hasValidSignature)
        #expect(!state.isSettled)
        expect(!state.answered(notes(at: [1])[0].id, isAccepted: true, text: ""))
        expect(state.answered(event.id, isAccepted: true, text: ""))
        #expect(state.state == .accepted)
        #expect(state.obstacle("auth-required: x") == nil)
    }

    @Test("says why there is none: no key, or one that is refused")
    func namesObstacles() throws {
        var keyless = PeerAuthentication(keys: nil, url: "ws://x")
        expect(keyless.challenged("abc", now: 1) == nil)
        #expect(!keyless.awaitsChallenge)
        #expect(keyless.obstacle("auth-required: x") == .needsKey(text: "auth-required: x"))
        var refused = PeerAuthentication(keys: self.keys, url: "ws://x")
        let answer = refused.challenged("abc", now: 1)
        let event = try #require(answer)
        expect(refused.answered(event.id, isAccepted: false, text: "restricted: no"))
        #expect(refused.obstacle("auth-required: x") == .keyRefused(text: "restricted: no"))
        expect(refused.challenged("def", now: 2) != nil)
        #expect(!refused.isSettled)
    }
}
