import Nostr
import Testing

@Suite struct AuthenticationTests {
    private static let now: Int64 = 1_700_000_000

    private func fault(
        kind: Kind = .authentication,
        tags: [[String]] = [["relay", "wss://Relay.example.com:443/"], ["challenge", "abc"]],
        at time: Int64 = AuthenticationTests.now
    ) throws -> String? {
        let event = try #require(Event.signed(by: .random(), kind: kind, tags: tags, createdAt: time))
        let relay = try #require(RelayURL("ws://relay.example.com"))
        return Authentication.fault(in: event, challenge: "abc", relay: relay, now: Self.now)
    }

    @Test func `line 61: a proof names kind, time, challenge and relay`() throws {
        #expect(try self.fault() == nil)
        #expect(try self.fault(at: Self.now - 600) == nil)
        #expect(try self.fault(at: Self.now - 601) != nil)
        #expect(try self.fault(at: Self.now + 601) != nil)
        #expect(try self.fault(at: 0) != nil)
        #expect(try self.fault(kind: 1) != nil)
        #expect(try self.fault(tags: [["relay", "wss://relay.example.com"], ["challenge", "abd"]]) != nil)
        #expect(try self.fault(tags: [["relay", "wss://relay.example.org"], ["challenge", "abc"]]) != nil)
        #expect(try self.fault(tags: [["relay", "wss://relay.example.com/x"], ["challenge", "abc"]]) != nil)
        #expect(try self.fault(tags: [["relay"], ["challenge"]]) != nil)
        #expect(try self.fault(tags: [["challenge", "abc"]]) != nil)
        #expect(try self.fault(tags: []) != nil)
    }

    @Test func `line 86: a repost that holds a protected event is told`() throws {
        let keys = KeyPair.random()
        let protected = try #require(Event.signed(by: keys, kind: 1, tags: [["-"]], createdAt: Self.now))
        let plain = try #require(Event.signed(by: keys, kind: 1, createdAt: Self.now))
        func embeds(_ content: String, kind: Kind) throws -> Bool {
            try #require(Event.signed(by: keys, kind: kind, content: content, createdAt: Self.now)).embedsProtected
        }
        let text = String(decoding: protected.json, as: UTF8.self)
        #expect(try embeds(text, kind: 6))
        #expect(try embeds(text, kind: 16))
        #expect(try embeds(text.replacing(#"[["-"]]"#, with: #"[ [ "\u002d" ] ]"#), kind: 6))
        #expect(try !embeds(text, kind: 1))
        #expect(try !embeds(String(decoding: plain.json, as: UTF8.self), kind: 6))
        for content in ["", "{", "null", #"{"tags":[["-"]]}"#, "[[\"-\"]]"] { #expect(try !embeds(content, kind: 6)) }
    }
}
