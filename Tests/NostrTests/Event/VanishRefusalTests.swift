import Nostr
import Testing

/// NIP-62: which requests to vanish are for a relay.
@Suite struct VanishRefusalTests {
    private static let keys = KeyPair.random()

    private func refusal(_ tags: [[String]], kind: Kind = .vanish, at relay: String? = "wss://relay.test/x") throws
        -> Refusal.Prefix?
    {
        let event = try #require(Event.signed(by: Self.keys, kind: kind, tags: tags, content: "", createdAt: 1))
        return event.vanishRefusal(at: relay.flatMap { RelayURL($0) })?.prefix
    }

    @Test func `one that names the relay or all relays is for it, among others`() throws {
        for name in ["wss://relay.test/x", "ws://RELAY.test:80/x/", "ALL_RELAYS"] {
            #expect(try self.refusal([["relay", name]]) == nil)
            #expect(try self.refusal([["relay", "wss://other.test"], ["e"], ["relay", name, "more"]]) == nil)
        }
        #expect(try self.refusal([["relay", "ALL_RELAYS"]], at: nil) == nil)
    }

    @Test(arguments: ["all_relays", "ALL_RELAYS/", "", "*", "wss://relay.test", "wss://relay.test/x/y", "relay.test/x"])
    func `one that names others is not`(name: String) throws {
        #expect(try self.refusal([["relay", name]]) == .blocked)
        #expect(try self.refusal([["relay", name]], at: nil) == .blocked)
    }

    @Test func `one that names none is invalid`() throws {
        for tags in [[], [["relay"]], [["r", "ALL_RELAYS"]], [["RELAY", "ALL_RELAYS"]]] as [[[String]]] {
            #expect(try self.refusal(tags) == .invalid)
        }
    }

    @Test func `other kinds are none of its business`() throws {
        #expect(try self.refusal([], kind: 1) == nil && self.refusal([["relay", "x"]], kind: 63) == nil)
    }
}
