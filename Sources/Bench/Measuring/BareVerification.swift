import Nostr

/// What one BIP-340 verification costs here, the key's parsing included: the unit that other costs are told in.
public struct BareVerification {
    private static let rounds = 20_000

    /// CPU time in microseconds, by the function that the relay calls itself.
    public static func microseconds() throws(BenchFailure) -> Double {
        var random = SeededGenerator(seed: 1)
        let keys = KeyPair.random(using: &random)
        let message = [UInt8](repeating: 2, count: 32)
        guard let digest = Bytes32(message), let signature = keys.sign(EventID(digest)) else {
            throw BenchFailure("libsecp256k1 refuses to sign")
        }
        var valid = 0
        let start = Clock.threadCPU
        for _ in 0..<Self.rounds where Schnorr.isValid(signature, over: message, by: keys.publicKey) { valid += 1 }
        let time = Clock.threadCPU - start
        guard valid == Self.rounds else { throw BenchFailure("libsecp256k1 refuses its own signature") }
        return Double(time) / 1_000 / Double(Self.rounds)
    }
}
