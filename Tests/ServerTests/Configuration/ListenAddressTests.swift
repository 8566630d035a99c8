import Testing

@testable import Server

struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7777", ListenAddress.tcp(host: "127.0.0.1", port: 7777)),
        ("0.0.0.0:0", .tcp(host: "0.0.0.0", port: 0)), ("[::1]:7777", .tcp(host: "::1", port: 7777)),
        ("[2001:DB8::1]:65535", .tcp(host: "2001:db8::1", port: 65535)),
        ("Relay-1.example.com:80", .tcp(host: "relay-1.example.com", port: 80)),
        ("localhost:1", .tcp(host: "localhost", port: 1)),
        ("unix:data/martlet.sock", .unix(path: "data/martlet.sock")), ("unix:/run/a:b c", .unix(path: "/run/a:b c")),
    ])
    func `an address to listen on is read`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(parsing: text) == address)
        #expect(try ListenAddress(parsing: address.description) == address)
    }

    @Test(arguments: [
        "", ":", ":7777", "7777", "localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1:080", "127.0.0.1:80x", "300.0.0.1:80", "1.2.3:80", "::1:7777", "[::1]", "[::1]:",
        "[::1", "[::1]7777", "[::1]:]", "[]:1", "[127.0.0.1]:1", "*:80", "a b:80", "a..b:80", "-:x", "unix:",
        "unix:a\0b",
        "unix:" + String(repeating: "a", count: 108), String(repeating: "a", count: 64) + ":80", "http://a:80",
        String(repeating: "a.", count: 50000) + "a:80",
    ])
    func `what is no address to listen on is refused`(text: String) {
        #expect(throws: InvalidText.self) { try ListenAddress(parsing: text) }
    }

    @Test func `an IPv6 address without brackets is refused with a hint`() {
        #expect(throws: InvalidText("an IPv6 address stands in brackets, as in [::1]:7777")) {
            try ListenAddress(parsing: "::1:7777")
        }
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("[::ffff:127.0.0.1]:1", true),
        ("localhost:1", true), ("unix:a", true), ("0.0.0.0:1", false), ("[::]:1", false), ("192.0.2.1:1", false),
        ("localhost.example.com:1", false), ("127.0.0.1.example.com:1", false),
    ])
    func `loopback is what only this machine can reach`(text: String, isLoopback: Bool) throws {
        #expect(try ListenAddress(parsing: text).isLoopback == isLoopback)
    }
}
