import Testing

@testable import Bench

@Suite("The relay's address")
struct AddressTests {
    @Test("is a host, a port and a path")
    func parts() throws {
        let plain = try RelayURL("ws://127.0.0.1:7777")
        #expect((plain.host, plain.port, plain.path) == ("127.0.0.1", 7777, "/"))
        let whole = try RelayURL("WS://Relay.Example/inbox?a=b")
        #expect((whole.host, whole.port, whole.path) == ("Relay.Example", 80, "/inbox?a=b"))
        let query = try RelayURL("ws://h:81?x")
        #expect((query.host, query.port, query.path) == ("h", 81, "/?x"))
        let six = try RelayURL("ws://[::1]:7777/")
        #expect((six.host, six.port, six.authority) == ("::1", 7777, "[::1]:7777"))
        #expect(try RelayURL("ws://[::1]").port == 80)
    }

    @Test(
        "is refused with a sentence where it is none",
        arguments: [
            "", "ws://", "http://a", "127.0.0.1:7777", "ws://a:0", "ws://a:70000", "ws://a:b", "ws://:80", "ws://[::1",
            "ws://a b", "ws://a/\r\nX: y",
        ]
    )
    func refused(url: String) {
        #expect(throws: BenchFailure.self) { _ = try RelayURL(url) }
    }

    @Test("with TLS is refused by name")
    func tls() {
        let error = #expect(throws: BenchFailure.self) { _ = try RelayURL("wss://a") }
        #expect(error?.description.contains("TLS") == true)
    }

    @Test("is asked for in a handshake whose answer is 101, or the run ends")
    func handshake() throws {
        let request = String(decoding: Handshake.request(try RelayURL("ws://h:81/p")), as: UTF8.self)
        #expect(request.hasPrefix("GET /p HTTP/1.1\r\nHost: h:81\r\n") && request.hasSuffix("\r\n\r\n"))
        let answer = Array("HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n".utf8)
        for length in 0..<answer.count { #expect(try Handshake.headBytes(Array(answer.prefix(length))) == nil) }
        #expect(try Handshake.headBytes(answer + [0x81, 0]) == answer.count)
        for text in ["HTTP/1.1 503 No\r\n\r\n", "SSH-2.0\r\n\r\n", String(repeating: "x", count: 20_000)] {
            #expect(throws: BenchFailure.self) { _ = try Handshake.headBytes(Array(text.utf8)) }
        }
    }
}
