import Testing

@testable import Nostr

/// Proof of work (NIP-13, checklist 49 and 50).
@Suite struct DifficultyTests {
    private static func bits(_ hex: String) -> Int? {
        EventID(hex: hex + String(repeating: "f", count: 64 - hex.count))?.leadingZeroBits
    }

    @Test(arguments: [
        ("000000000e9d97a1ab09fc381030b346cdd7a142ad57e6df0b46dc9bef6c7e2d", 36), ("002f", 10), ("000006d8", 21),
        ("", 0),
        ("8", 0), ("7", 1), ("4", 1), ("3", 2), ("2", 2), ("1", 3), ("0", 4), ("08", 4), ("01", 7), ("00", 8),
        ("0000000000000000", 64), ("00000000000000001", 67),
        ("0000000000000000000000000000000000000000000000000000000000000001", 255),
        ("0000000000000000000000000000000000000000000000000000000000000000", 256),
    ])
    func `difficulty is counted in leading zero bits`(_ hex: String, _ bits: Int) {
        #expect(Self.bits(hex) == bits)
    }

    /// An event with this `nonce` tag and an id of at least eight zero bits, found by trying.
    private static func mined(_ nonce: [String]) throws -> Event {
        for attempt in 0..<100_000 {
            let tag = nonce.map { "\"\($0)\"" }.joined(separator: ",")
            let text = EventText(tags: "[[\(tag)]]", content: "\"\(attempt)\"")
            if text.id.hasPrefix("00") { return try text.parsed() }
        }
        throw CancellationError()
    }

    @Test func `the mined note of NIP-13 committed to 20 bits and counts as such`() throws {
        let bytes = Array(EventSignatureTests.mined.utf8)
        let event = try Event(parsing: bytes.span)
        #expect(event.id.leadingZeroBits == 21)
        #expect(event.difficulty == 20)
    }

    @Test func `a lucky id earns no more than the target that the nonce tag commits to`() throws {
        #expect(try Self.mined(["nonce", "1", "5"]).difficulty == 5)
        #expect(try Self.mined(["nonce", "1", "0"]).difficulty == 0)
        #expect(try Self.mined(["nonce", "1", "-7"]).difficulty == 0)
        #expect(try Self.mined(["nonce", "1", "5", "9"]).difficulty == 5)
    }

    @Test(arguments: [
        ["nonce", "1"], ["nonce"], ["nonce", "1", ""], ["nonce", "1", "many"], ["nonce", "1", "1.5"],
        ["nonce", "1", "200"],
        ["nonce", "1", "99999999999999999999"], ["Nonce", "1", "5"], ["t", "nonce", "5"],
    ])
    func `without a target, or with one above the work done, the work counts`(_ nonce: [String]) throws {
        let event = try Self.mined(nonce)
        #expect(event.id.leadingZeroBits >= 8)
        #expect(event.difficulty == event.id.leadingZeroBits)
    }
}
