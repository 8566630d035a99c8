import Testing

@testable import Server

struct AbsoluteURLTests {
    @Test func `the parts of a URL are read`() throws {
        let text = "WSS://Relay.Example.com:8443/a/b?c=d?e"
        let url = try AbsoluteURL(parsing: text, schemes: ["wss", "ws"])
        #expect(url.scheme == "wss")
        #expect(url.host == "relay.example.com")
        #expect(url.port == 8443)
        #expect(url.path == "/a/b")
        #expect(url.query == "c=d?e")
        #expect(url.description == text)
    }

    @Test func `a URL without path or port has the path of the root`() throws {
        let url = try AbsoluteURL(parsing: "ws://[::1]?x", schemes: ["ws"])
        #expect(url.host == "::1")
        #expect(url.port == nil)
        #expect(url.path == "/")
        #expect(url.query == "x")
    }

    @Test(arguments: [
        "", "https", "https:", "https:/", "https://", "https:///path", "//example.com", "ftp://example.com",
        "javascript:alert(1)", "https://exa mple.com", "https://example.com/a b", "https://example.com/#top",
        "https://example.com:0", "https://example.com:65536", "https://example.com:", "https://user@example.com",
        "https://user:password@example.com", "https://example.com/\n", "https://bücher.example", "https://a\"b",
        "https://[::1", "https://::1/", "https://\0", "https://" + String(repeating: "a", count: 3000),
    ])
    func `what is no web URL is refused`(text: String) {
        #expect(throws: InvalidText.self) { try AbsoluteURL(parsing: text, schemes: ["https", "http"]) }
    }
}
