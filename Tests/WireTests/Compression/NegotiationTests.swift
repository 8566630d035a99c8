import TestSupport
import Testing

@testable import Wire

@Suite("Negotiating permessage-deflate (RFC 7692 7)")
struct NegotiationTests {
    private static let answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    @Test(arguments: [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=15",
        "permessage-deflate; client_max_window_bits=\"10\"",
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "permessage-deflate;client_no_context_takeover;client_max_window_bits = 9",
        " \t permessage-deflate\t;\tserver_no_context_takeover ",
        ", ,permessage-deflate,,",
        "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits",
        "foo; bar=\"a\\b\"; baz, permessage-deflate",
    ])
    func `an offer without a limit on the server's window is accepted`(value: String) throws {
        #expect(try PermessageDeflate.negotiate([value])?.headerValue == Self.answer)
        #expect(try PermessageDeflate.negotiate([value])?.serverWindowBits == 15)
    }

    @Test(arguments: 9...15)
    func `a limit on the server's window is kept and answered`(bits: Int) throws {
        for value in ["\(bits)", "\"\(bits)\""] {
            let offer = "permessage-deflate; server_max_window_bits=\(value); client_max_window_bits"
            let accepted = try #require(try PermessageDeflate.negotiate([offer]))
            #expect(accepted.headerValue == Self.answer + "; server_max_window_bits=\(bits)")
            #expect(accepted.serverWindowBits == bits)
        }
    }

    @Test(arguments: [
        "",
        "permessage-bzip2",
        "Permessage-Deflate",
        "permessage-deflate; unknown",
        "permessage-deflate; unknown=1",
        "permessage-deflate; Server_No_Context_Takeover",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; server_max_window_bits=+10",
        "permessage-deflate; server_max_window_bits=1e1",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits=99999999999999999999",
    ])
    func `an offer that cannot be kept is declined`(value: String) throws {
        #expect(try PermessageDeflate.negotiate([value]) == nil)
    }

    @Test func `the first offer that can be kept is taken`() throws {
        let first = "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=9"
        let second = "permessage-deflate"
        #expect(try PermessageDeflate.negotiate([first, second])?.serverWindowBits == 9)
        #expect(try PermessageDeflate.negotiate([second, first])?.serverWindowBits == 15)
        #expect(try PermessageDeflate.negotiate(["", "foo", first])?.serverWindowBits == 9)
        #expect(try PermessageDeflate.negotiate([]) == nil)
    }

    @Test(arguments: [
        ("permessage-deflate;", 19), ("permessage-deflate; ;client_max_window_bits", 20), (";", 0), ("=", 0),
        ("permessage-deflate; client_max_window_bits=", 43), ("permessage-deflate; client_max_window_bits=\"10", 46),
        ("permessage-deflate; client_max_window_bits=\"\"", 45), ("foo bar", 4), ("foo; bar=\"a b\"", 11),
        ("permessage-deflate, foo; bar=\"\\", 31), ("per/message", 3), ("é", 0), ("foo; bar=é", 9), ("foo\u{0}", 3),
    ])
    func `a value that breaks the grammar fails the handshake`(value: String, offset: Int) {
        #expect(throws: MalformedExtensions(offset: offset)) { try PermessageDeflate.negotiate([value]) }
        #expect(throws: MalformedExtensions.self) {
            try PermessageDeflate.negotiate(["permessage-deflate", value])
        }
    }

    @Test func `random values never trap`() {
        let alphabet = Array("permessage-deflate client_max_window_bits=\"\\10;,\t é".unicodeScalars)
        var generator = SplitMix64(seed: 5)
        for _ in 0..<20_000 {
            var value = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                value.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            _ = try? PermessageDeflate.negotiate([String(value), "permessage-deflate; " + String(value)])
        }
    }
}
