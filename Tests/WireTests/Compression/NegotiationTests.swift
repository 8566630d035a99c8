import TestSupport
import Testing

@testable import Wire

@Suite("Negotiating permessage-deflate (RFC 7692 7)")
struct NegotiationTests {
    private static let answer = "permessage-deflate; client_no_context_takeover"

    @Test(arguments: [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=15",
        "permessage-deflate; client_max_window_bits=\"10\"",
        "permessage-deflate; client_no_context_takeover",
        "permessage-deflate;client_no_context_takeover;client_max_window_bits = 9",
        " \t permessage-deflate\t;\tclient_no_context_takeover ",
        ", ,permessage-deflate,,",
        "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits",
        "foo; bar=\"a\\b\"; baz, permessage-deflate",
    ])
    func `an offer without a limit on the server's window is accepted`(value: String) throws {
        #expect(try PermessageDeflate.negotiate([value])?.headerValue == Self.answer)
        #expect(try PermessageDeflate.negotiate([value])?.serverWindowBits == 15)
    }

    @Test(arguments: [
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits",
    ])
    func `a client that keeps no context is promised that none is needed`(value: String) throws {
        let accepted = try #require(try PermessageDeflate.negotiate([value], clientContextBytes: 0))
        let both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(accepted.headerValue == both)
        #expect(!accepted.serverMayTakeOver)
        #expect(try PermessageDeflate.negotiate(["permessage-deflate"])?.serverMayTakeOver == true)
    }

    @Test(arguments: [
        ("client_max_window_bits", 4096, "client_max_window_bits=12", 4096),
        ("client_max_window_bits", 8191, "client_max_window_bits=12", 4096),
        ("client_max_window_bits", 512, "client_max_window_bits=9", 512),
        ("client_max_window_bits", 32_768, "client_max_window_bits=15", 32_768),
        ("client_max_window_bits=15", 4096, "client_max_window_bits=12", 4096),
        ("client_max_window_bits=12", 4096, "client_max_window_bits=12", 4096),
        ("client_max_window_bits=10", 32_768, "client_max_window_bits=10", 1024),
        ("client_max_window_bits=8", 4096, "client_max_window_bits=8", 256),
        ("client_max_window_bits", 511, "client_no_context_takeover", 0),
        ("client_max_window_bits", 0, "client_no_context_takeover", 0),
        ("client_max_window_bits; client_no_context_takeover", 32_768, "client_no_context_takeover", 0),
    ])
    func `a client's context is limited to what may be kept`(
        offer: String,
        kept: Int,
        answer: String,
        bytes: Int
    ) throws {
        let offers = ["permessage-deflate; " + offer]
        let accepted = try #require(try PermessageDeflate.negotiate(offers, clientContextBytes: kept))
        #expect(accepted.headerValue == "permessage-deflate; " + answer)
        #expect(accepted.clientContextBytes == bytes)
    }

    @Test func `a client that cannot limit its window gets a context only where the largest is kept`() throws {
        let offer = ["permessage-deflate"]
        let small = try #require(try PermessageDeflate.negotiate(offer, clientContextBytes: 16_384))
        #expect(small.headerValue == "permessage-deflate; client_no_context_takeover")
        let largest = try #require(try PermessageDeflate.negotiate(offer, clientContextBytes: 32_768))
        #expect(largest.headerValue == "permessage-deflate")
        #expect(largest.clientContextBytes == 32_768)
    }

    @Test func `all parameters are answered together`() throws {
        let offer = "permessage-deflate; client_max_window_bits; server_no_context_takeover; server_max_window_bits=10"
        let accepted = try #require(try PermessageDeflate.negotiate([offer], clientContextBytes: 1024))
        let answer =
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=10"
        #expect(accepted.headerValue == answer)
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
