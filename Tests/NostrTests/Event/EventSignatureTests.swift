import TestSupport
import Testing

@testable import Nostr

/// Ids and signatures of whole events (NIP-01, BIP-340).
@Suite struct EventSignatureTests {
    /// The event that NIP-13 gives as an example.
    static let mined = """
        {"id":"000006d8c378af1779d2feebc7603a125d99eca0ccf1085959b307f64e5dd358",\
        "pubkey":"a48380f4cfcc1ad5378294fcac36439770f9c878dd880ffa94bb74ea54a6f243","created_at":1651794653,"kind":1,\
        "tags":[["nonce","776797","20"]],"content":"It's just me mining my own business",\
        "sig":"284622fc0a3f4f1303455d5175f7ba962a3300d136085b9566801bc2e0699de0\
        c7e31e44c81fb40ad9049173742e904713c3594a1da0fc5d2382a25c11aba977"}
        """

    private static func signed(_ seed: UInt64 = 12, createdAt: Int64 = 1_700_000_000) throws -> Event {
        var generator = SplitMix64(seed: seed)
        let pair = KeyPair.random(using: &generator)
        return try #require(
            Event.signed(
                by: pair,
                kind: Kind(30_023),
                tags: [["d", "é\n\"\u{1}"], ["t"]],
                content: generator.string(upTo: 50),
                createdAt: createdAt
            )
        )
    }

    @Test func `the example of NIP-13 is an event with a valid signature`() throws {
        let bytes = Array(Self.mined.utf8)
        let event = try Event(parsing: bytes.span)
        #expect(event.hasValidSignature)
        #expect(event.text == Self.mined)
    }

    @Test(arguments: [13, 14, 15] as [UInt64])
    func `what Event.signed makes parses from its own text and verifies`(seed: UInt64) throws {
        let event = try Self.signed(seed)
        let bytes = event.json
        let parsed = try Event(parsing: bytes.span)
        #expect(parsed == event)
        #expect(parsed.hasValidSignature)
        #expect(parsed.tags == [["d", "é\n\"\u{1}"], ["t"]])
    }

    @Test func `an event that could not be parsed is not made either`() throws {
        var generator = SplitMix64(seed: 16)
        let pair = KeyPair.random(using: &generator)
        #expect(Event.signed(by: pair, kind: Kind(1), tags: [[]], createdAt: 1) == nil)
        #expect(Event.signed(by: pair, kind: Kind(1), createdAt: -1) == nil)
        #expect(Event.signed(by: pair, kind: Kind(1), createdAt: 0) != nil)
    }

    @Test func `a signature with any bit flipped does not verify, though the event still parses`() throws {
        let event = try Self.signed()
        let start = event.json.count - 130
        for digit in 0..<128 {
            var json = event.json
            json[start + digit] = json[start + digit] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            #expect(try Event(parsing: json.span).hasValidSignature == false)
        }
    }

    @Test func `a bit flipped anywhere else gives no other event with a valid signature`() throws {
        let event = try Self.signed()
        for index in 0..<event.json.count - 132 {
            for bit in 0..<8 {
                var json = event.json
                json[index] ^= 1 << UInt8(bit)
                let parsed = try? Event(parsing: json.span)
                #expect(parsed == event || parsed?.hasValidSignature != true, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `a valid signature over a wrong id is refused for the id`() throws {
        let pair = try #require(KeyPair(secret: Bytes32(0, 0, 0, 3)))
        let wrong = EventID(Bytes32(1, 2, 3, 4))
        let signature = try #require(pair.sign(wrong))
        #expect(Schnorr.isValid(signature, over: wrong.bytes.array, by: pair.publicKey))
        var text = EventText()
        text["id"] = "\"\(wrong.hex)\""
        text["sig"] = "\"\(Hex.string(signature.array))\""
        #expect(text.fault?.text == "id is not the hash of the event")
        #expect(text.fault?.claimedID == Array(wrong.hex.utf8))
    }

    @Test func `another author's signature does not verify`() throws {
        let event = try Self.signed(17)
        var generator = SplitMix64(seed: 18)
        let forged = try #require(KeyPair.random(using: &generator).sign(event.id))
        let kept = String(decoding: event.json[..<(event.json.count - 130)], as: UTF8.self)
        let bytes = Array("\(kept)\(Hex.string(forged.array))\"}".utf8)
        #expect(try Event(parsing: bytes.span).hasValidSignature == false)
    }

    @Test func `a pubkey that is not on the curve verifies nothing`() throws {
        var text = EventText()
        text["pubkey"] = "\"eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34\""
        text.seal()
        #expect(try text.parsed().hasValidSignature == false)
    }
}
