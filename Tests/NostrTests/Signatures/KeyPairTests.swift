import TestSupport
import Testing

@testable import Nostr

@Suite struct KeyPairTests {
    private static func pair(_ secret: String) -> KeyPair? {
        Bytes32(hex: Array(secret.lowercased().utf8).span).flatMap { KeyPair(secret: $0) }
    }

    @Test(arguments: [
        (String(repeating: "0", count: 63) + "3", EventText.pubkey),
        (
            "B7E151628AED2A6ABF7158809CF4F3C762E7160F38B4DA56A784D9045190CFEF",
            "dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659"
        ),
        (
            "0B432B2677937381AEF05BB02A66ECD012773062CF3FA2549E44F58ED2401710",
            "25d1dff95105f5253c4022f628a996ad3a0d95fbf21d468a1b33f8c160d8f517"
        ),
    ])
    func `a secret of BIP-340 has the public key that the BIP gives`(_ secret: String, _ key: String) {
        #expect(Self.pair(secret)?.publicKey.hex == key)
    }

    @Test(arguments: [
        String(repeating: "0", count: 64),
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142",
        String(repeating: "f", count: 64),
    ])
    func `zero and what is not below the curve's order are no secrets`(_ secret: String) {
        #expect(Self.pair(secret) == nil)
    }

    @Test func `the highest secret is one`() {
        #expect(Self.pair("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140") != nil)
    }

    @Test(arguments: [9, 10] as [UInt64])
    func `what a key pair signs verifies, and with any bit flipped does not`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let pair = KeyPair.random(using: &generator)
            let other = KeyPair.random(using: &generator)
            let id = EventID(Bytes32(generator.next(), generator.next(), generator.next(), generator.next()))
            let signature = try #require(pair.sign(id))
            #expect(Schnorr.isValid(signature, over: id.bytes.array, by: pair.publicKey))
            #expect(!Schnorr.isValid(signature, over: id.bytes.array, by: other.publicKey))
            for _ in 0..<8 {
                let flipped = try #require(Signature(signature.array.flippingBit(generator.below(512))))
                #expect(!Schnorr.isValid(flipped, over: id.bytes.array, by: pair.publicKey))
                #expect(
                    !Schnorr.isValid(
                        signature,
                        over: id.bytes.array.flippingBit(generator.below(256)),
                        by: pair.publicKey
                    )
                )
            }
        }
    }

    @Test func `the same generator gives the same keys, and the system's gives others each time`() {
        var one = SplitMix64(seed: 11)
        var two = SplitMix64(seed: 11)
        #expect(KeyPair.random(using: &one).publicKey == KeyPair.random(using: &two).publicKey)
        #expect(KeyPair.random().publicKey != KeyPair.random().publicKey)
    }
}

extension [UInt8] {
    fileprivate func flippingBit(_ bit: Int) -> [UInt8] {
        var copy = self
        copy[bit / 8] ^= 1 << UInt8(bit % 8)
        return copy
    }
}
