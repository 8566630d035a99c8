import Testing

@testable import Nostr

/// The `expiration` tag (NIP-40).
@Suite struct ExpiryTests {
    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("1700000000", 1_700_000_000), ("01700000000", 1_700_000_000),
            ("9223372036854775807", .max), ("9223372036854775808", .max), ("99999999999999999999999999", .max),
        ] as [(String, Int64)]
    )
    func `a time in digits is when the event expires, and one beyond 64 bits is as good as never`(
        _ value: String,
        _ time: Int64
    ) throws {
        #expect(try Event.sample(tags: [["expiration", value]]).expiresAt == time)
        #expect(try Event.sample(tags: [["t", "x"], ["expiration", value, "more"], ["e"]]).expiresAt == time)
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.0", "1e9", " 1700000000", "1700000000 ", "soon", "0x10", "١٢", "1\n", "1\0",
    ])
    func `a malformed time is no expiry`(_ value: String) throws {
        #expect(try Event.sample(tags: [["expiration", value]]).expiresAt == nil)
    }

    @Test func `an event without the tag, or with its name elsewhere, does not expire`() throws {
        #expect(try Event.sample().expiresAt == nil)
        #expect(try Event.sample(tags: [["expiration"]]).expiresAt == nil)
        #expect(try Event.sample(tags: [["t", "expiration"], ["e", "expiration", "5"]]).expiresAt == nil)
        #expect(try Event.sample(tags: [["Expiration", "5"], ["expirations", "5"]]).expiresAt == nil)
        #expect(try Event.sample(tags: [["t", "\"expiration\",\"5\""]]).expiresAt == nil)
        #expect(try Event.sample(content: #"["expiration","5"]"#).expiresAt == nil)
    }

    @Test func `the first expiration tag counts`() throws {
        #expect(try Event.sample(tags: [["expiration", "5"], ["expiration", "3"]]).expiresAt == 5)
        #expect(try Event.sample(tags: [["expiration", "x"], ["expiration", "3"]]).expiresAt == nil)
        #expect(try Event.sample(tags: [["expiration"], ["expiration", "3"]]).expiresAt == nil)
    }

    @Test func `a name that is written with escapes is still the name`() throws {
        let expected = EventText(tags: #"[["expiration","5"]]"#)
        #expect(try expected.with("tags", #"[["\u0065xpiratio\u006E","5"]]"#).parsed().expiresAt == 5)
    }
}
