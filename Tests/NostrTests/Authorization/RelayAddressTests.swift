import Testing

@testable import Nostr

/// When two URLs name the same relay (NIP-42, NIP-86).
@Suite struct RelayAddressTests {
    @Test(arguments: [
        ("wss://relay.example.com", "ws://relay.example.com/"),
        ("wss://relay.example.com", "wss://RELAY.Example.com:443"),
        ("ws://relay.example.com:80", "http://relay.example.com"),
        ("ws://[2001:DB8::1]:7777/x/", "http://[2001:db8::1]:7777/x"),
        ("ws://127.0.0.1:7777", "http://127.0.0.1:7777//"),
    ])
    func `the same relay in two ways of writing`(one: String, other: String) throws {
        #expect(try #require(RelayAddress(one)) == #require(RelayAddress(other)))
    }

    @Test(arguments: [
        ("wss://relay.example.com", "wss://relay.example.org"),
        ("wss://relay.example.com", "wss://relay.example.com:7777"),
        ("wss://relay.example.com/a", "wss://relay.example.com/A"),
        ("wss://relay.example.com:80", "wss://relay.example.com"),
    ])
    func `two relays`(one: String, other: String) throws {
        #expect(try #require(RelayAddress(one)) != #require(RelayAddress(other)))
    }

    @Test(arguments: [
        "", "relay.example.com", "ftp://relay.example.com", "wss://", "wss:///path", "wss://a:b", "wss://a:0",
        "wss://a:65536", "wss://a:", "wss://user@a", "wss://a/?q", "wss://a/#f", "wss://a b",
        "wss://" + String(repeating: "a", count: 3_000),
    ])
    func `no URL of a relay`(text: String) {
        #expect(RelayAddress(text) == nil)
    }
}
