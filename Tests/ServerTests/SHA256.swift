import Foundation

/// SHA-256 for the tests, so that the hash in the policy is checked by other code than the product's (FIPS 180-4).
enum SHA256 {
    /// The digest of the text's UTF-8 bytes, in base 64.
    static func base64(_ text: String) -> String {
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        let message = self.padded(Array(text.utf8))
        for start in stride(from: 0, to: message.count, by: 64) {
            self.compress(&state, message[start..<start + 64])
        }
        return Data(state.flatMap(self.bytes)).base64EncodedString()
    }

    private static func padded(_ message: [UInt8]) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: (119 - message.count % 64) % 64)
        let bits = UInt64(message.count) * 8
        return message + [0x80] + zeros + self.bytes(UInt32(bits >> 32)) + self.bytes(UInt32(truncatingIfNeeded: bits))
    }

    private static func bytes(_ word: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }

    private static func compress(_ state: inout [UInt32], _ block: ArraySlice<UInt8>) {
        func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
        let octets = Array(block)
        var schedule = (0..<16).map { i in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(octets[4 * i + $1]) } }
        for i in 16..<64 {
            let (early, late) = (schedule[i - 15], schedule[i - 2])
            let s0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let s1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            schedule.append(schedule[i - 16] &+ s0 &+ schedule[i - 7] &+ s1)
        }
        var v = state
        for i in 0..<64 {
            let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
            let choice = v[4] & v[5] ^ ~v[4] & v[6]
            let t1 = v[7] &+ s1 &+ choice &+ self.constants[i] &+ schedule[i]
            let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
            v = [t1 &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
        }
        state = zip(state, v).map { $0 &+ $1 }
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < 64 {
            if primes.allSatisfy({ !candidate.isMultiple(of: $0) }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            let root = cbrt(Double(prime))
            return UInt32((root - root.rounded(.down)) * 4_294_967_296)
        }
    }()
}
