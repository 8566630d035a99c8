import Nostr
import Testing

@Suite struct RelayURLTests {
    @Test(arguments: [
        "wss://relay.example.com", "ws://relay.example.com", "wss://relay.example.com/", "WSS://Relay.Example.COM",
        "wss://relay.example.com:443", "ws://relay.example.com:80/", "https://relay.example.com.//",
        "wss://relay.example.com?x=1", "wss://relay.example.com/#top", "wss://relay.example.com:/",
    ])
    func `spellings of one relay are the same`(text: String) {
        #expect(RelayURL(text) == RelayURL("wss://relay.example.com"))
        #expect(RelayURL(text) != nil)
    }

    @Test(arguments: [
        "wss://relay.example.com:444", "ws://relay.example.com:443", "wss://relay.example.com/inbox",
        "wss://relay.example.org", "wss://example.com",
    ])
    func `another host, port or path is another relay`(text: String) {
        #expect(RelayURL(text) != nil)
        #expect(RelayURL(text) != RelayURL("wss://relay.example.com"))
    }

    @Test func `paths keep their case and lose their last slash`() {
        #expect(RelayURL("ws://h/Inbox/") == RelayURL("ws://h/Inbox"))
        #expect(RelayURL("ws://h/Inbox") != RelayURL("ws://h/inbox"))
    }

    @Test func `addresses of IPv6 stand in brackets`() {
        #expect(RelayURL("ws://[::1]:7777/")?.host == "::1")
        #expect(RelayURL("ws://[::1]:7777/")?.port == 7_777)
        #expect(RelayURL("wss://[2001:DB8::1]") == RelayURL("ws://[2001:db8::1]"))
        #expect(RelayURL("ws://[::1") == nil)
        #expect(RelayURL("ws://[::1]7777") == nil)
    }

    @Test(arguments: [
        "", "relay.example.com", "ftp://relay.example.com", "wss://", "wss:///path", "wss:relay.example.com",
        "wss://user@relay.example.com", "wss://h:70000", "wss://h:x", "wss://h:-1", "wss://a b", "ALL_RELAYS",
        "wss://" + String(repeating: "a", count: 3_000),
    ])
    func `what is no URL of a relay is none`(text: String) { #expect(RelayURL(text) == nil) }
}
